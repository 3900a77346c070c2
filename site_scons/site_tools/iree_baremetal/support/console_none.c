// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In place of a console, for parts of which none is described: text goes nowhere, unless on=probe takes it from here.
#include "board.h"
#include "board_support.h"

void console_start(void) {}

__attribute__((noinline)) void board_write(const char *text, size_t size) {
  (void)text, (void)size;
  __asm__ volatile("");  // a call of it is not to be left out
}
