// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every STM32 console has before its USART can speak: clocks, and its pins.
//
// The board file's defines give STM32_USART_PORT (the GPIO port), STM32_USART_PIN, which transmits, and its
// STM32_USART_FUNCTION, and for port and USART the bit that enables it and that bit's register. The pin that receives is
// the next one, or STM32_USART_RX_PIN of STM32_USART_RX_PORT. STM32_USART_F1: the ports are
// those of STM32F1 (RM0008, 9.2), as with GD32VF103 and CH32V307.
#pragma once

#include "board_support.h"

#ifndef STM32_USART_RX_PIN
#define STM32_USART_RX_PIN (STM32_USART_PIN + 1)
#define STM32_USART_RX_PORT STM32_USART_PORT
#define STM32_USART_RX_PORT_ENABLE STM32_USART_PORT_ENABLE
#endif

#ifdef STM32_USART_F1
static inline void stm32_usart_transmit_pin(void) {
  volatile uint32_t *const mode = reg(STM32_USART_PORT + STM32_USART_PIN / 8 * 4);  // CRL, CRH
  *mode = (*mode & ~(15u << STM32_USART_PIN % 8 * 4)) | 10u << STM32_USART_PIN % 8 * 4;  // alternate function, push-pull
}

static inline void stm32_usart_receive_pin(void) {}  // an input, as after a reset
#else
static inline void stm32_usart_function(uintptr_t port, uint32_t pin) {
  volatile uint32_t *const mode = reg(port);                      // MODER
  volatile uint32_t *const function = reg(port + 0x20 + pin / 8 * 4);  // AFR
  *function |= STM32_USART_FUNCTION << pin % 8 * 4;
  *mode = (*mode & ~(3u << pin * 2)) | 2u << pin * 2;
}

static inline void stm32_usart_transmit_pin(void) { stm32_usart_function(STM32_USART_PORT, STM32_USART_PIN); }

static inline void stm32_usart_receive_pin(void) {
  *reg(STM32_USART_PORT_ENABLE_REGISTER) |= STM32_USART_RX_PORT_ENABLE;
  stm32_usart_function(STM32_USART_RX_PORT, STM32_USART_RX_PIN);
}
#endif

static inline void stm32_usart_pin(void) {
#ifdef STM32_PWR
  *reg(STM32_PWR_ENABLE_REGISTER) |= STM32_PWR_ENABLE;
  *reg(STM32_PWR + 0x04) |= 1u << 9;  // PWR_CR2.IOSV: the supply of port G is valid (L4)
#endif
  *reg(STM32_USART_PORT_ENABLE_REGISTER) |= STM32_USART_PORT_ENABLE;
  *reg(STM32_USART_ENABLE_REGISTER) |= STM32_USART_ENABLE;
  stm32_usart_transmit_pin();
}
