// Console on a USART of the STM32F2 and F4 (reference manual RM0090, chapters 7, 8 and 30).
//
// The board file's defines give the place: STM32_USART, its enable bit in RCC_APB2ENR, its
// transmit pin (GPIO port, enable bit in RCC_AHB1ENR, number, alternate function), and
// STM32_USART_DIVIDER = clock / baud rate.
#include "board.h"
#include "board_support.h"

#define RCC_AHB1ENR (STM32_RCC + 0x30)
#define RCC_APB2ENR (STM32_RCC + 0x44)
#define GPIO_MODER (STM32_USART_PORT)
#define GPIO_AFR (STM32_USART_PORT + 0x20 + STM32_USART_PIN / 8 * 4)
#define USART_SR (STM32_USART)
#define USART_DR (STM32_USART + 0x04)
#define USART_BRR (STM32_USART + 0x08)
#define USART_CR1 (STM32_USART + 0x0c)

void console_start(void) {
  *reg(RCC_AHB1ENR) |= STM32_USART_PORT_ENABLE;
  *reg(RCC_APB2ENR) |= STM32_USART_ENABLE;
  *reg(GPIO_AFR) |= STM32_USART_FUNCTION << STM32_USART_PIN % 8 * 4;
  *reg(GPIO_MODER) |= 2u << STM32_USART_PIN * 2;
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
