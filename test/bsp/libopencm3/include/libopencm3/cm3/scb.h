#pragma once
#include <stdint.h>

#define SCB_CPACR (*(volatile uint32_t *)0xe000ed88u)
#ifndef STM32F4
#error "which family?"
#endif
