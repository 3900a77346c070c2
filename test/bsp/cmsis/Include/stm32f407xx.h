#pragma once
#include "core_cm4.h"

typedef struct {
  volatile uint32_t CR, PLLCFGR, CFGR, CIR;
} RCC_TypeDef;

#define RCC ((RCC_TypeDef *)0x40023800u)
