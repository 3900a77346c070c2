// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console through the emulator or debugger, for boards whose UART is not wired.
#include <string.h>

#include "board.h"
#include "board_files.h"
#include "board_support.h"

static board_file console;

// ":tt" is the listener's own console.
void console_start(void) { console = board_file_open(":tt", "wb"); }

void board_write(const char *text, size_t size) { board_file_write(console, text, size); }
