// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Faults of Cortex-M0 to M55: where the core was, and what it says of why.
//
// The handlers have the names of CMSIS and, under a vendor's startup code (start_bsp.c), of libopencm3, too.
// They are weak: an application's own come before them.
#include "cortex_m.h"

#ifdef BOARD_VECTOR_TABLE
#define CODE_START BOARD_FLASH
#define CODE_END BOARD_FLASH_END
#else
extern uint32_t __code_start[], __code_end[];
#define CODE_START (uint32_t)__code_start
#define CODE_END (uint32_t)__code_end
#endif

// The deepest address in the stack that a call may have left there. There is one: report's own, at least.
static uint32_t deepest_return(void) {
  const uint32_t *word = stack_start();
  while (!(*word & 1 && *word > CODE_START && *word < CODE_END)) ++word;
  return *word;
}

// frame: what the core pushed, r0 to r3, r12, lr, pc and xpsr; nothing where the stack has run out.
// scb: the registers that tell of faults; Armv6-M has none.
__attribute__((used)) static void report(const uint32_t *frame, const volatile uint32_t *scb) {
  const char *kind = "exception";
  fault_t found;
  found.pc = found.address = 0;
  uint32_t status = 0;
#if __ARM_ARCH_ISA_THUMB >= 2
  status = scb[0];  // CFSR: usage, bus and memory faults, 16 + 8 + 8 bits
  if (status) kind = status >> 16 ? "usage" : status >> 8 ? "bus" : "memory";
  if (status & 1u << 7) found.address = scb[3];   // MMFAR, where valid
  if (status & 1u << 15) found.address = scb[4];  // BFAR, where valid
#else
  (void)scb;
#endif
  found.status = status;
  if (!status) __asm__("mrs %0, ipsr" : "=r"(found.status));
  if (frame > stack_start()) {
    found.pc = frame[6];
    found.lr = frame[5];
  } else {
    found.lr = deepest_return();
    kind = "stack overflow";
  }
#if __ARM_ARCH >= 8
  if (status & 1u << 20) kind = "stack overflow";  // UFSR.STKOF: it went below its limit
#endif
  fault(kind, &found);
}

// Takes the whole stack where what is left has no room for a report.
__attribute__((naked)) void on_fault(void) {
  __asm__ volatile(
      "mov r0, sp\n"
#ifdef BOARD_VECTOR_TABLE
      "ldr r1, =%c0\n"
      "ldr r1, [r1]\n"  // the vectors begin with the stack's end
      "ldr r2, =%c1\n"
      "subs r2, r1, r2\n"
      "cmp r0, r2\n"
#else
      "ldr r1, =__stack_start + 128\n"
      "cmp r0, r1\n"
      "ldr r1, =__stack_end\n"
#endif
      "bhs 1f\n"
      "mov sp, r1\n"
      "1: ldr r1, =0xe000ed28\n"
      "bl report"
#ifdef BOARD_VECTOR_TABLE
      ::"i"(BOARD_VECTOR_TABLE), "i"(BOARD_STACK - 128)
#endif
  );
}

#define HANDLER __attribute__((weak, alias("on_fault"))) void
HANDLER HardFault_Handler(void);
HANDLER MemManage_Handler(void);
HANDLER BusFault_Handler(void);
HANDLER UsageFault_Handler(void);
#ifdef BOARD_VECTOR_TABLE
HANDLER hard_fault_handler(void);
HANDLER mem_manage_handler(void);
HANDLER bus_fault_handler(void);
HANDLER usage_fault_handler(void);
#else
HANDLER NMI_Handler(void);
HANDLER SecureFault_Handler(void);
HANDLER SVC_Handler(void);
HANDLER DebugMon_Handler(void);
HANDLER PendSV_Handler(void);
HANDLER SysTick_Handler(void);
#endif
