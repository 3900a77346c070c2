#pragma once
#include <stdint.h>

typedef struct {
  volatile uint32_t CPUID, ICSR, VTOR, AIRCR, SCR, CCR, reserved[28], CPACR;
} SCB_Type;

#define SCB ((SCB_Type *)0xe000ed00u)
