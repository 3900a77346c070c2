// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter of the core's cycles for cores without one in their debug unit, as Armv6-M: SysTick's 24 bits, and an
// interrupt at each wrap (Armv6-M Architecture Reference Manual, B3.3). An application's own SysTick_Handler excludes it.
#include "board.h"
#include "cortex_m.h"

#define SYST_CSR 0xe000e010u
#define SYST_RVR 0xe000e014u
#define SYST_CVR 0xe000e018u
#define LAST 0xffffffu

static volatile uint32_t wraps;

void SysTick_Handler(void) { ++wraps; }

void counter_start(void) {
  *reg(SYST_RVR) = LAST;
  *reg(SYST_CVR) = 0;
  *reg(SYST_CSR) = 7;  // the core's clock, the interrupt, on
}

uint64_t board_count(void) {
  uint32_t high, low;
  do {  // until there was no wrap in between
    high = wraps;
    low = LAST - *reg(SYST_CVR);
  } while (high != wraps);
  return (uint64_t)high << 24 | low;
}

const char *board_count_unit(void) { return "cycles"; }
