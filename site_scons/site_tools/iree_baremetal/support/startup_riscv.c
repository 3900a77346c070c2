// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reset and traps of a RISC-V hart that starts in machine mode (Privileged Specification 1.10+). BOARD_HARTS: several start
// here, and all but the first are put to rest.
#include <stdint.h>

#include "board_support.h"

extern uint32_t __stack_start[], __stack_end[];

__attribute__((naked, aligned(4))) static void on_trap(void);

__attribute__((used, noreturn)) static void reset(void) {
  __asm__ volatile("csrw mtvec, %0" ::"r"(on_trap));
#ifdef __riscv_flen
  __asm__ volatile("csrs mstatus, %0\ncsrw fcsr, zero" ::"r"(1u << 13));  // FS = initial
#endif
#ifdef BOARD_VECTORS
  __asm__ volatile("csrs mstatus, %0" ::"r"(1u << 9));  // VS = initial: for the kernels
#endif
#ifdef BOARD_CODE_NAPOT
  // The code region lies in RAM. Entry 0 of the memory protection, locked, makes it read and
  // execute only, as flash is: then a stack overflow or a wild store is a fault here too.
  __asm__ volatile("csrw pmpaddr0, %0\ncsrw pmpcfg0, %1" ::"r"(BOARD_CODE_NAPOT), "r"(0x9du));
#endif
  start();
}

// At the head of the code, where the hart starts.
__attribute__((naked, section(".vectors"), used)) void _start(void) {
  __asm__ volatile(
#ifdef BOARD_HARTS
      "csrr t0, mhartid\n"
      "1: beqz t0, 2f\n"
      "wfi\n"
      "j 1b\n"
      "2:\n"
#endif
      ".option push\n.option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, __stack_end\n"
      "la tp, __tls_start\n"  // the C library's errno lives there
      "tail %0" ::"i"(reset));  // weights may lie between
}

__attribute__((used)) static void report(uintptr_t sp, uintptr_t ra) {
  static const char *const kinds[8] = {
      "misaligned fetch", "fetch",  "illegal instruction", "breakpoint",
      "misaligned load",  "load",   "misaligned store",    "store",
  };
  fault_t found = {.lr = ra};
  __asm__ volatile(
      "csrr %0, mcause\ncsrr %1, mepc\ncsrr %2, mtval"
      : "=r"(found.status), "=r"(found.pc), "=r"(found.address));
  const char *kind = found.status < 8 ? kinds[found.status] : "unexpected trap";
  fault(sp < (uintptr_t)__stack_start ? "stack overflow" : kind, &found);
}

// The handler takes the whole stack, for an overflow may be what brought us here.
static void on_trap(void) {
  __asm__ volatile("mv a0, sp\nmv a1, ra\nla sp, __stack_end\nj %0" ::"i"(report));
}
