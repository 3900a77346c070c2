// Console on standard output.
#include <stdio.h>

#include "board.h"

void board_write(const char *text, size_t size) { fwrite(text, 1, size, stdout); }
