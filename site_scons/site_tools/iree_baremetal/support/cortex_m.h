// What a Cortex-M tells of its surroundings (Armv7-M Architecture Reference Manual, C1).
#pragma once

#include "board_support.h"

// QEMU has no trace unit: its control register reads 0. A part's holds the number of comparators.
int is_emulated(void);

static inline int has_debugger(void) { return *reg(0xe000edf0) & 1; }  // DHCSR.C_DEBUGEN
