// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter of nanoseconds that no clock adjustment moves.
#include <time.h>

#include "board.h"

uint64_t board_count(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

const char *board_count_unit(void) { return "ns"; }
