# STM32L4 and L4+ at their reset clock, the multi-speed oscillator's 4 MHz (RM0351, RM0432).
base = "cortex-m4f"
stack = 8 * KB
clock = 4 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# USART2 transmits on PA2 at 115200 baud: the debug probe's serial port on NUCLEO-64 boards.
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x40021058u",  # RCC_APB1ENR1
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "35u",
    "STM32_USART_PORT": "0x48000000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x4002104cu",  # RCC_AHB2ENR
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an386"
