// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Console on a USART of the STM32F2 and F4 (reference manual RM0090, chapter 30).
//
// The board file's defines give STM32_USART, its address, STM32_USART_DIVIDER = clock / baud rate,
// and what stm32_usart_pin.h asks for.
#include "board.h"
#include "stm32_usart_pin.h"

#define USART_SR (STM32_USART)
#define USART_DR (STM32_USART + 0x04)
#define USART_BRR (STM32_USART + 0x08)
#define USART_CR1 (STM32_USART + 0x0c)

void console_start(void) {
  stm32_usart_pin();
  *reg(USART_BRR) = STM32_USART_DIVIDER;
  *reg(USART_CR1) = 1u << 13 | 1u << 3;  // UE, TE
}

void board_write(const char *text, size_t size) {
  for (; size; --size) {
    while (!(*reg(USART_SR) & 1u << 7)) {  // TXE
    }
    *reg(USART_DR) = (uint8_t)*text++;
  }
}

void console_listen(void) {
  stm32_usart_receive_pin();
  *reg(USART_CR1) |= 1u << 2;  // RE
}

int console_read(void) { return *reg(USART_SR) & 1u << 5 ? (int)(*reg(USART_DR) & 0xff) : -1; }  // RXNE
