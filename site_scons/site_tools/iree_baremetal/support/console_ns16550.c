// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on a 16550 UART with byte-wide registers; its address is NS16550, of the defines.
//
// QEMU needs no baud rate; a part keeps the one its boot loader has set.
#include "board.h"
#include "board_support.h"

void console_start(void) {}

void board_write(const char *text, size_t size) {
  volatile uint8_t *const uart = (volatile uint8_t *)NS16550;
  for (; size; --size) {
    while (!(uart[5] & 1u << 5)) {  // LSR.THRE: room for a byte
    }
    uart[0] = (uint8_t)*text++;
  }
}

void console_listen(void) {}

int console_read(void) {
  volatile uint8_t *const uart = (volatile uint8_t *)NS16550;
  return uart[5] & 1 ? uart[0] : -1;  // LSR.DR
}
