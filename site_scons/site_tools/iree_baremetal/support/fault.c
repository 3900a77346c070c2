// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every core's handler ends with: a line on the console, and an exit that is none of the application's.
#include "board.h"
#include "board_support.h"

void fault(const char *kind, const fault_t *found) {
  static const char labels[][10] = {" at pc ", " lr ", " status ", " address "};
  board_print("\nfault: ");
  board_print(kind);
  for (int i = 0; i < 4; ++i) {
    board_print(labels[i]);
    board_print_hex((uint32_t)(&found->pc)[i]);
  }
  board_print("\n");
  board_exit(BOARD_EXIT_FAULT);
}
