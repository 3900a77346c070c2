// Counter of retired instructions, minstret: exact in QEMU under icount_shift 0.
#include "board.h"
#include "board_support.h"

void counter_start(void) {}

uint32_t board_count(void) {
  uint32_t count;
  __asm__ volatile("csrr %0, minstret" : "=r"(count));
  return count;
}

const char *board_count_unit(void) { return "instructions"; }
