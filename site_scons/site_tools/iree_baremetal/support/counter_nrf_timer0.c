// Counter on TIMER0 of the nRF51: 32 bits, 16 MHz (nRF51 Series Reference Manual, chapter 18).
//
// In QEMU, with 64 ns an instruction (icount_shift 6), the ticks of 62.5 ns are scaled to
// instructions. On a part a tick is a cycle of the core.
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
  *reg(PRESCALER) = 0;
  *reg(TASKS_START) = 1;
}

uint64_t board_count(void) {
  *reg(TASKS_CAPTURE0) = 1;
  const uint64_t ticks = extend(*reg(CC0));
  return is_emulated() ? (ticks * 125 + 127) / 128 : ticks;
}

const char *board_count_unit(void) { return is_emulated() ? "instructions" : "cycles"; }
