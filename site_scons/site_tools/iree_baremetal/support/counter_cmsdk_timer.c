// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter on a timer of Arm's Cortex-M System Design Kit: 32 bits, downwards (DDI 0479, 4.4).
//
// The board file's defines give CMSDK_TIMER, its address, and CMSDK_TIMER_QUARTER_NS, the time
// of a tick in quarters of a nanosecond.
// In QEMU, with 64 ns an instruction (icount_shift 6), the ticks are scaled to instructions and
// rounded up, which is exact: the timer starts on an instruction, and each instruction is more
// than one tick. On a part a tick is a cycle of the core.
#include "board.h"
#include "cortex_m.h"
#include "counter_extend.h"

#define TIMER_CTRL (CMSDK_TIMER)
#define TIMER_VALUE (CMSDK_TIMER + 0x04)
#define TIMER_RELOAD (CMSDK_TIMER + 0x08)

void counter_start(void) {
  *reg(TIMER_RELOAD) = 0xffffffffu;
  *reg(TIMER_VALUE) = 0xffffffffu;
  *reg(TIMER_CTRL) = 1;
}

uint64_t board_count(void) {
  const uint64_t ticks = extend(~*reg(TIMER_VALUE));
  return is_emulated() ? (ticks * CMSDK_TIMER_QUARTER_NS + 255) / 256 : ticks;
}

const char *board_count_unit(void) { return is_emulated() ? "instructions" : "cycles"; }
