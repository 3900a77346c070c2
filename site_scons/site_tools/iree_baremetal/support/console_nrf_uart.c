// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on the UART of the nRF51 and nRF52 (nRF51 Series Reference Manual, chapter 29).
//
// The board file's defines give NRF_UART, its address, and NRF_UART_PIN, the pin of port 0.
#include "board.h"
#include "board_support.h"

#define TASKS_STARTTX (NRF_UART + 0x008)
#define EVENTS_TXDRDY (NRF_UART + 0x11c)
#define ENABLE (NRF_UART + 0x500)
#define PSELTXD (NRF_UART + 0x50c)
#define TXD (NRF_UART + 0x51c)
#define BAUDRATE (NRF_UART + 0x524)

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
