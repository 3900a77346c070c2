// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on standard output.
#include <stdio.h>

#include "board.h"

void board_write(const char *text, size_t size) { fwrite(text, 1, size, stdout); }
