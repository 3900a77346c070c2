// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on SiFive's UART, and the clock and pins of FE310. Offsets and values: RIOT-OS/RIOT, cpu/fe310/include/vendor/uart.h,
// f8c8abf; RT-Thread/rt-thread, bsp/hifive1/freedom-e-sdk/bsp/include/sifive/devices/prci.h, bbe9e0d, and gpio.h, b89bc7b.
//
// The board file's defines give SIFIVE_UART, its address, and SIFIVE_UART_DIVIDER = clock / baud - 1; with FE310_PRCI, the
// address of clocks, also FE310_GPIO and FE310_UART_PINS, a mask.
#include "board.h"
#include "board_support.h"

#define TXDATA (SIFIVE_UART)
#define RXDATA (SIFIVE_UART + 0x04)
#define TXCTRL (SIFIVE_UART + 0x08)
#define RXCTRL (SIFIVE_UART + 0x0c)
#define DIV (SIFIVE_UART + 0x18)

void console_start(void) {
#ifdef FE310_PRCI
  // The crystal's clock past the PLL: the ring oscillator that the core starts with is none to measure time by.
  *reg(FE310_PRCI + 0x04) = 1u << 30;  // HFXOSCCFG: enabled
  while (!(*reg(FE310_PRCI + 0x04) & 1u << 31)) {
  }
  *reg(FE310_PRCI + 0x0c) = 1u << 8;                           // PLLDIV: by one
  *reg(FE310_PRCI + 0x08) = 1u << 18 | 1u << 17;               // PLLCFG: bypassed, of the crystal
  *reg(FE310_PRCI + 0x08) = 1u << 18 | 1u << 17 | 1u << 16;  // and taken
  *reg(FE310_GPIO + 0x3c) &= ~FE310_UART_PINS;                 // IOF_SEL
  *reg(FE310_GPIO + 0x38) |= FE310_UART_PINS;                  // IOF_EN
#endif
  *reg(DIV) = SIFIVE_UART_DIVIDER;
  *reg(TXCTRL) = 1;
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    while (*reg(TXDATA) & 1u << 31) {  // full
    }
    *reg(TXDATA) = (uint8_t)*text++;
  }
}

void console_listen(void) { *reg(RXCTRL) = 1; }

int console_read(void) {
  const uint32_t found = *reg(RXDATA);
  return found & 1u << 31 ? -1 : (int)(found & 0xff);  // empty
}
