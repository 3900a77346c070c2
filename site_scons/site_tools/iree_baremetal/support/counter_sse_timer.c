// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter on the system counter of Arm's SSE-300, read through its timer 0: 64 bits (Arm
// Corstone SSE-300 Technical Reference Manual, system timer components).
//
// In QEMU it runs at 32 MHz: with 64 ns an instruction (icount_shift 6) the ticks of 31.25 ns are
// scaled to instructions and rounded up, which is exact. On a part a tick is a cycle of the core.
#include "board.h"
#include "cortex_m.h"

#define COUNTER_CONTROL 0x58100000u  // CNTCR
#define TIMER0 0x58000000u
#define COUNT_LOW (TIMER0 + 0x00)
#define COUNT_HIGH (TIMER0 + 0x04)

void counter_start(void) { *reg(COUNTER_CONTROL) = 1; }

uint64_t board_count(void) {
  uint32_t high, low;
  do {  // until the low half has not wrapped in between
    high = *reg(COUNT_HIGH);
    low = *reg(COUNT_LOW);
  } while (high != *reg(COUNT_HIGH));
  const uint64_t ticks = (uint64_t)high << 32 | low;
  return is_emulated() ? (ticks * 125 + 255) / 256 : ticks;
}

const char *board_count_unit(void) { return is_emulated() ? "instructions" : "cycles"; }
