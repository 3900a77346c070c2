// abort() for boards: the C library's own brings in signals and a heap.
#include <stdlib.h>

#include "board.h"

void abort(void) {
  board_print("\nabort\n");
  board_exit(BOARD_EXIT_FAULT);
}
