// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter on TIMER0 of the nRF51: 32 bits, here at 8 MHz (nRF51 Series Reference Manual, chapter 18).
//
// At the full 16 MHz QEMU loses half a nanosecond at a reading. With 128 ns an instruction
// (icount_shift 7) the ticks of 125 ns are scaled to instructions and rounded up, which is exact. On
// a part a tick is two cycles of the core.
#include "board.h"
#include "cortex_m.h"
#include "counter_extend.h"

#define TIMER0 0x40008000u
#define TASKS_START (TIMER0 + 0x000)
#define TASKS_CAPTURE0 (TIMER0 + 0x040)
#define BITMODE (TIMER0 + 0x508)
#define PRESCALER (TIMER0 + 0x510)
#define CC0 (TIMER0 + 0x540)

void counter_start(void) {
  *reg(BITMODE) = 3;  // 32 bits
  *reg(PRESCALER) = 1;  // half the clock
  *reg(TASKS_START) = 1;
}

uint64_t board_count(void) {
  *reg(TASKS_CAPTURE0) = 1;
  const uint64_t ticks = extend(*reg(CC0));
  return is_emulated() ? (ticks * 125 + 127) / 128 : ticks * 2;
}

const char *board_count_unit(void) { return is_emulated() ? "instructions" : "cycles"; }
