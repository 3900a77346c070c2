// Counter on a timer of Arm's Cortex-M System Design Kit: 32 bits, downwards (DDI 0479, 4.4).
//
// The board file's defines give CMSDK_TIMER, its address, and CMSDK_TIMER_NS, the time of a tick.
// In QEMU, with 64 ns an instruction (icount_shift 6), the ticks are scaled to instructions and
// rounded up, which is exact: the timer starts on an instruction, and each instruction is more
// than one tick. On a part a tick is a cycle of the core.
#include "board.h"
#include "cortex_m.h"

#define TIMER_CTRL (CMSDK_TIMER)
#define TIMER_VALUE (CMSDK_TIMER + 0x04)
#define TIMER_RELOAD (CMSDK_TIMER + 0x08)

void counter_start(void) {
  *reg(TIMER_RELOAD) = 0xffffffffu;
  *reg(TIMER_VALUE) = 0xffffffffu;
  *reg(TIMER_CTRL) = 1;
}

uint32_t board_count(void) {
  static uint32_t high, last;  // scaled, a wrap of the timer would not be one of the count
  const uint32_t now = ~*reg(TIMER_VALUE);
  if (now < last) ++high;
  last = now;
  const uint64_t ticks = (uint64_t)high << 32 | now;
  return (uint32_t)(is_emulated() ? (ticks * CMSDK_TIMER_NS + 63) / 64 : ticks);
}

const char *board_count_unit(void) { return is_emulated() ? "instructions" : "cycles"; }
