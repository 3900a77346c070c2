// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vector table and reset of Cortex-M0 to M55.
#include <stdint.h>

#include "cortex_m.h"

static const void *const vectors[16];

// Where the optional FPU is built in, the compiler's own code may use it: on before all else.
void _start(void) {
#ifdef BOARD_VTOR
  *reg(0xe000ed08) = (uint32_t)vectors;  // VTOR: that of the bootloader, until now
#endif
#ifdef __ARM_FP
  *reg(0xe000ed88) |= 0xfu << 20;  // CPACR: full access to CP10 and CP11
  __asm__ volatile("dsb\nisb" ::: "memory");
#endif
#if __ARM_ARCH >= 8
  // A stack that runs out of its bytes faults at once.
  __asm__ volatile("msr msplim, %0" ::"r"(__stack_start));
#ifdef BOARD_CODE
  // RAM stands in for flash: make it read-only (Armv8-M, PMSAv8).
  *reg(0xe000ed98) = 0;                        // MPU_RNR
  *reg(0xe000edc0) = 0x44;                     // MPU_MAIR0: normal memory, not cached
  *reg(0xe000ed9c) = BOARD_CODE | 2u << 1;     // MPU_RBAR: read-only for privileged code
  *reg(0xe000eda0) = (BOARD_CODE_LAST & ~31u) | 1;  // MPU_RLAR
  *reg(0xe000ed94) = 5;                        // MPU_CTRL: on, all else as without it
#endif
#else
#ifdef BOARD_MPU_CODE
  // RAM stands in for flash: make it read-only (Armv7-M, B3.5).
  *reg(0xe000ed9c) = BOARD_CODE | 0x10;  // MPU_RBAR, with its region's number
  *reg(0xe000eda0) = BOARD_MPU_CODE;     // MPU_RASR
#endif
#ifdef BOARD_MPU_GUARD
  // There is memory below the stack: make it a fault to go there.
  *reg(0xe000ed9c) = BOARD_GUARD | 0x11;
  *reg(0xe000eda0) = BOARD_MPU_GUARD;
  *reg(0xe000ed94) = 5;  // MPU_CTRL: on, all else as without it
#endif
#endif
  start();
}

// Under CMSIS's names an application has handlers of its own; those of the part's interrupts follow where it
// has any (board/startup_parts.py).
__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    __stack_end,
    _start,
    NMI_Handler,
    HardFault_Handler,
    MemManage_Handler,
    BusFault_Handler,
    UsageFault_Handler,
    SecureFault_Handler,
    on_fault,
    on_fault,
    on_fault,
    SVC_Handler,
    DebugMon_Handler,
    on_fault,
    PendSV_Handler,
    SysTick_Handler,
};
