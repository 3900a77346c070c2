// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers and text on any console.
#include "board.h"

void board_print(const char *text) {
  for (; *text; ++text) board_write(text, 1);
}

// Divides by ten, bit by bit: the library's 64-bit division alone is larger than this whole file.
static char last_digit(uint64_t *value) {
  unsigned rest = 0;
  for (int bit = 0; bit < 64; ++bit) {
    rest = rest * 2 + (unsigned)(*value >> 63);
    *value <<= 1;
    if (rest >= 10) {
      rest -= 10;
      *value |= 1;
    }
  }
  return (char)('0' + rest);
}

void board_print_fixed(int64_t value, int decimals, int width) {
  char text[32];
  char *const end = text + sizeof text;
  char *first = end;
  uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
  do {
    *--first = last_digit(&rest);
    if (--decimals == 0) *--first = '.';
  } while ((rest || decimals >= 0) && first > text + 2);
  if (value < 0) *--first = '-';
  for (; width > end - first; --width) board_write(" ", 1);
  board_write(first, (size_t)(end - first));
}

void board_print_int(int64_t value, int width) { board_print_fixed(value, 0, width); }

void board_print_hex(uint32_t value) {
  char text[10];
  text[0] = '0';
  text[1] = 'x';
  for (int i = 9; i > 1; --i, value >>= 4) {
    const unsigned digit = value & 15;
    text[i] = (char)(digit < 10 ? digit + '0' : digit + ('a' - 10));
  }
  board_write(text, sizeof text);
}
