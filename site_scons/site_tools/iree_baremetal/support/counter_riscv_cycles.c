// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter of the hart's cycles, mcycle: 64 bits (RISC-V Privileged Specification, 3.1.10). BOARD_MCOUNTINHIBIT: the core
// has the register that keeps counters off (3.1.12).
#include "board.h"
#include "board_support.h"

void counter_start(void) {
#ifdef BOARD_MCOUNTINHIBIT
  __asm__ volatile("csrw 0x320, zero");  // mcountinhibit
#endif
}

#if __riscv_xlen == 64
uint64_t board_count(void) {
  uint64_t count;
  __asm__ volatile("csrr %0, mcycle" : "=r"(count));
  return count;
}
#else
uint64_t board_count(void) {
  uint32_t high, low, again;
  do {  // until the low half has not wrapped in between
    __asm__ volatile("csrr %0, mcycleh\ncsrr %1, mcycle\ncsrr %2, mcycleh" : "=r"(high), "=r"(low), "=r"(again));
  } while (high != again);
  return (uint64_t)high << 32 | low;
}
#endif

const char *board_count_unit(void) { return "cycles"; }
