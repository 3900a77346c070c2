// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter of retired instructions, minstret: 64 bits, exact in QEMU under icount_shift 0.
#include "board.h"
#include "board_support.h"

void counter_start(void) {}

#if __riscv_xlen == 64
uint64_t board_count(void) {
  uint64_t count;
  __asm__ volatile("csrr %0, minstret" : "=r"(count));
  return count;
}
#else
uint64_t board_count(void) {
  uint32_t high, low, again;
  do {  // until the low half has not wrapped in between
    __asm__ volatile(
        "csrr %0, minstreth\ncsrr %1, minstret\ncsrr %2, minstreth"
        : "=r"(high), "=r"(low), "=r"(again));
  } while (high != again);
  return (uint64_t)high << 32 | low;
}
#endif

const char *board_count_unit(void) { return "instructions"; }
