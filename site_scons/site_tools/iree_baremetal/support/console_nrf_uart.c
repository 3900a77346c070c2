// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on the UART of the nRF51 and nRF52 (nRF51 Series Reference Manual, chapter 29).
//
// The board file's defines give NRF_UART, its address, and the pins NRF_UART_PIN, which
// transmits, and NRF_UART_RX_PIN, which receives, if one does: 32 and more are those of port 1.
#include "board.h"
#include "board_support.h"

#define TASKS_STARTRX (NRF_UART + 0x000)
#define TASKS_STARTTX (NRF_UART + 0x008)
#define EVENTS_RXDRDY (NRF_UART + 0x108)
#define EVENTS_TXDRDY (NRF_UART + 0x11c)
#define ENABLE (NRF_UART + 0x500)
#define PSELTXD (NRF_UART + 0x50c)
#define PSELRXD (NRF_UART + 0x514)
#define RXD (NRF_UART + 0x518)
#define TXD (NRF_UART + 0x51c)
#define BAUDRATE (NRF_UART + 0x524)

#ifndef NRF_UART_RX_PIN
#define NRF_UART_RX_PIN 0xffffffffu  // not connected
#endif

void console_start(void) {
  *reg(PSELTXD) = NRF_UART_PIN;
  *reg(BAUDRATE) = 0x01d7e000u;  // 115200
  *reg(ENABLE) = 4;
  *reg(TASKS_STARTTX) = 1;
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    *reg(EVENTS_TXDRDY) = 0;
    *reg(TXD) = (uint8_t)*text++;
    while (!*reg(EVENTS_TXDRDY)) {
    }
  }
}

void console_listen(void) {
  *reg(PSELRXD) = NRF_UART_RX_PIN;
  *reg(TASKS_STARTRX) = 1;
}

int console_read(void) {
  if (!*reg(EVENTS_RXDRDY)) return -1;
  *reg(EVENTS_RXDRDY) = 0;  // before the byte is taken, as another may wait behind it
  return (int)(*reg(RXD) & 0xff);
}
