// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every STM32 console has before its USART can speak: clocks, and the transmit pin.
//
// The board file's defines give STM32_USART_PORT (the GPIO port), STM32_USART_PIN and its
// STM32_USART_FUNCTION, and for port and USART the bit that enables it and that bit's register.
#pragma once

#include "board_support.h"

static inline void stm32_usart_function(uint32_t pin) {
  volatile uint32_t *const mode = reg(STM32_USART_PORT);                      // MODER
  volatile uint32_t *const function = reg(STM32_USART_PORT + 0x20 + pin / 8 * 4);  // AFR
  *function |= STM32_USART_FUNCTION << pin % 8 * 4;
  *mode = (*mode & ~(3u << pin * 2)) | 2u << pin * 2;
}

// The pin that receives, the one behind that which transmits: so it is with all ports of these parts that debug probes use.
static inline void stm32_usart_receive_pin(void) { stm32_usart_function(STM32_USART_PIN + 1); }

static inline void stm32_usart_pin(void) {
#ifdef STM32_PWR
  *reg(STM32_PWR_ENABLE_REGISTER) |= STM32_PWR_ENABLE;
  *reg(STM32_PWR + 0x04) |= 1u << 9;  // PWR_CR2.IOSV: the supply of port G is valid (L4)
#endif
  *reg(STM32_USART_PORT_ENABLE_REGISTER) |= STM32_USART_PORT_ENABLE;
  *reg(STM32_USART_ENABLE_REGISTER) |= STM32_USART_ENABLE;
  stm32_usart_function(STM32_USART_PIN);
}
