// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter of the core's cycles: 32 bits (Armv7-M and Armv8-M Architecture Reference Manuals, DWT).
#include "board.h"
#include "cortex_m.h"
#include "counter_extend.h"

#define DWT_CTRL 0xe0001000u
#define DWT_CYCCNT 0xe0001004u
#define DEMCR 0xe000edfcu

void counter_start(void) {
  *reg(DEMCR) |= 1u << 24;  // TRCENA
  *reg(DWT_CYCCNT) = 0;
  *reg(DWT_CTRL) |= 1;
}

uint64_t board_count(void) { return extend(*reg(DWT_CYCCNT)); }

const char *board_count_unit(void) { return "cycles"; }
