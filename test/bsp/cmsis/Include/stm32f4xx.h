#pragma once
#if defined(STM32F407xx)
#include "stm32f407xx.h"
#else
#error "which device?"
#endif

extern uint32_t SystemCoreClock;
void SystemInit(void);
