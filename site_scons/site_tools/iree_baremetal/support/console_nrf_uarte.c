// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on a UARTE, the UART with DMA, of the nRF53 (nRF5340 Product Specification, UARTE).
//
// The board file's defines give NRF_UARTE, its address, and NRF_UARTE_PIN, the pin of port 0. The
// DMA reads RAM only, and text may lie in flash: each byte goes by way of RAM.
#include "board.h"
#include "board_support.h"

#define TASKS_STARTTX (NRF_UARTE + 0x008)
#define EVENTS_ENDTX (NRF_UARTE + 0x120)
#define ENABLE (NRF_UARTE + 0x500)
#define PSEL_TXD (NRF_UARTE + 0x50c)
#define BAUDRATE (NRF_UARTE + 0x524)
#define TXD_PTR (NRF_UARTE + 0x544)
#define TXD_MAXCNT (NRF_UARTE + 0x548)

static volatile uint8_t byte;

void console_start(void) {
  *reg(PSEL_TXD) = NRF_UARTE_PIN;
  *reg(BAUDRATE) = 0x01d60000u;  // 115200
  *reg(ENABLE) = 8;
  *reg(TXD_PTR) = (uint32_t)&byte;
  *reg(TXD_MAXCNT) = 1;
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    byte = (uint8_t)*text++;
    *reg(EVENTS_ENDTX) = 0;
    *reg(TASKS_STARTTX) = 1;
    while (!*reg(EVENTS_ENDTX)) {
    }
  }
}
