// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What RP2040 and RP2350 have before their UART can speak: the crystal's clock for core and UART, and pins 0 and 1.
//
// Offsets and values: raspberrypi/pico-sdk a1438df, src/rp2040/hardware_regs and src/rp2350/hardware_regs. The board file's
// defines give the addresses RP2_RESETS, RP2_XOSC, RP2_CLOCKS, RP2_IO and RP2_PADS, and RP2_RESET_BITS: of UART0, IO_BANK0
// and PADS_BANK0.
#pragma once

#include "board_support.h"

#define RP2_CLEAR 0x3000  // where a register's bits are cleared that are written

static inline void rp2_wait(uintptr_t address, uint32_t bits) {
  while ((*reg(address) & bits) != bits) {
  }
}

static inline void rp2_uart_pins(void) {
  *reg(RP2_XOSC + 0x0c) = 47;              // STARTUP: 1 ms of 12 MHz, in units of 256
  *reg(RP2_XOSC) = 0xfabu << 12 | 0xaa0u;  // CTRL: enabled, 1 to 15 MHz
  rp2_wait(RP2_XOSC + 0x04, 1u << 31);     // STATUS: stable
  *reg(RP2_CLOCKS + 0x30) = 2;             // CLK_REF_CTRL: the crystal
  rp2_wait(RP2_CLOCKS + 0x38, 1u << 2);
  *reg(RP2_CLOCKS + 0x3c) = 0;             // CLK_SYS_CTRL: CLK_REF
  rp2_wait(RP2_CLOCKS + 0x44, 1u << 0);
  *reg(RP2_CLOCKS + 0x48) = 1u << 11;      // CLK_PERI_CTRL: enabled, CLK_SYS
  *reg(RP2_RESETS + RP2_CLEAR) = RP2_RESET_BITS;
  rp2_wait(RP2_RESETS + 0x08, RP2_RESET_BITS);  // RESET_DONE
  for (uint32_t pin = 0; pin < 2; ++pin) {
    *reg(RP2_IO + pin * 8 + 0x04) = 2;       // GPIO_CTRL: UART0
    *reg(RP2_PADS + pin * 4 + 0x04) = 0x56;  // pulled down, 4 mA, input enabled, not isolated
  }
}
