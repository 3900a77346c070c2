// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a Cortex-M tells of its surroundings (Armv7-M Architecture Reference Manual, C1).
#pragma once

#include "board_support.h"

// QEMU has no trace unit: its control register reads 0. A part's holds the number of comparators.
int is_emulated(void);

static inline int has_debugger(void) { return *reg(0xe000edf0) & 1; }  // DHCSR.C_DEBUGEN

// The handler of every exception for which the application has none, by the names of CMSIS.
void on_fault(void);
void NMI_Handler(void);
void HardFault_Handler(void);
void MemManage_Handler(void);
void BusFault_Handler(void);
void UsageFault_Handler(void);
void SecureFault_Handler(void);
void SVC_Handler(void);
void DebugMon_Handler(void);
void PendSV_Handler(void);
void SysTick_Handler(void);

#ifdef BOARD_VECTOR_TABLE
// start_bsp.c finds the stack of a vendor's linker script.
uint32_t *stack_start(void);
#else
extern uint32_t __stack_start[], __stack_end[];
static inline uint32_t *stack_start(void) { return __stack_start; }
#endif
