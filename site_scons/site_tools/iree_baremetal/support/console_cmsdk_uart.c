// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on a UART of Arm's Cortex-M System Design Kit (DDI 0479, chapter 4.3).
//
// The board file's defines give CMSDK_UART, its address, and CMSDK_UART_DIVIDER = clock / baud.
#include "board.h"
#include "board_support.h"

#define UART_DATA (CMSDK_UART)
#define UART_STATE (CMSDK_UART + 0x04)
#define UART_CTRL (CMSDK_UART + 0x08)
#define UART_BAUDDIV (CMSDK_UART + 0x10)

void console_start(void) {
  *reg(UART_BAUDDIV) = CMSDK_UART_DIVIDER;
  *reg(UART_CTRL) = 1;  // transmit
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    while (*reg(UART_STATE) & 1) {  // the transmit buffer is full
    }
    *reg(UART_DATA) = (uint8_t)*text++;
  }
}

void console_listen(void) { *reg(UART_CTRL) |= 2; }

int console_read(void) { return *reg(UART_STATE) & 2 ? (int)(*reg(UART_DATA) & 0xff) : -1; }
