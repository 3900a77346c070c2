# Chips with ports and USARTs as STM32F1's: USART1 transmits on PA9 at 115200 baud, at the 8 MHz after a reset.
clock = 8 * MHZ
console = "console_stm32_usart.c"
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_DIVIDER": "69u",  # clock / baud
    "STM32_USART_PORT": "0x40010800u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_PORT_ENABLE": "0x4u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_F1": "1",
}
