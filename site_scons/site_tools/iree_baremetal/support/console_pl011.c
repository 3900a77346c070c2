// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on Arm's PrimeCell UART (PL011, DDI 0183), such as RP2040 and RP2350 have.
//
// The board file's defines give PL011, its address, and PL011_DIVIDER = 64 * clock / (16 * baud rate); for Raspberry Pi's
// parts those that rp2_uart_pins.h asks for.
#include "board.h"
#include "board_support.h"
#ifdef RP2_RESETS
#include "rp2_uart_pins.h"
#endif

#define UARTDR (PL011)
#define UARTFR (PL011 + 0x18)
#define UARTIBRD (PL011 + 0x24)
#define UARTFBRD (PL011 + 0x28)
#define UARTLCR_H (PL011 + 0x2c)
#define UARTCR (PL011 + 0x30)

void console_start(void) {
#ifdef RP2_RESETS
  rp2_uart_pins();
#endif
  *reg(UARTIBRD) = PL011_DIVIDER / 64;
  *reg(UARTFBRD) = PL011_DIVIDER % 64;
  *reg(UARTLCR_H) = 3u << 5 | 1u << 4;        // 8 bits, FIFOs; it makes the divider valid, too
  *reg(UARTCR) = 1u << 9 | 1u << 8 | 1u << 0;  // RXE, TXE, UARTEN
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    while (*reg(UARTFR) & 1u << 5) {  // TXFF
    }
    *reg(UARTDR) = (uint8_t)*text++;
  }
}

void console_listen(void) {}

int console_read(void) { return *reg(UARTFR) & 1u << 4 ? -1 : (int)(*reg(UARTDR) & 0xff); }  // RXFE
