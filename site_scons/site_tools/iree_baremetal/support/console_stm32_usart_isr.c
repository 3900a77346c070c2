// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on a USART or LPUART with the register ISR: STM32F0, F3, F7, G, H, L0, L4, L5, U5 (RM0385,
// chapter 31; RM0351).
//
// The board file's defines give STM32_USART, its address, STM32_USART_DIVIDER = clock / baud rate
// (an LPUART's is 256 times that), and what stm32_usart_pin.h asks for.
#include "board.h"
#include "stm32_usart_pin.h"

#define USART_CR1 (STM32_USART)
#define USART_BRR (STM32_USART + 0x0c)
#define USART_ISR (STM32_USART + 0x1c)
#define USART_RDR (STM32_USART + 0x24)
#define USART_TDR (STM32_USART + 0x28)

void console_start(void) {
  stm32_usart_pin();
  *reg(USART_BRR) = STM32_USART_DIVIDER;
  *reg(USART_CR1) = 1u << 3 | 1u << 0;  // TE, UE
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    while (!(*reg(USART_ISR) & 1u << 7)) {  // TXE
    }
    *reg(USART_TDR) = (uint8_t)*text++;
  }
}

void console_listen(void) {
  stm32_usart_receive_pin();
  *reg(USART_CR1) |= 1u << 2;  // RE
}

int console_read(void) { return *reg(USART_ISR) & 1u << 5 ? (int)(*reg(USART_RDR) & 0xff) : -1; }  // RXNE
