# STM32F1 at its reset clock, the internal oscillator's 8 MHz (STMicroelectronics/cmsis_device_f1 8a76309,
# system_stm32f1xx.c).
base = "cortex-m3"
stack = 8 * KB
clock = 8 * MHZ
console = "console_stm32_usart.c"
counter = "counter_dwt.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32f103xb.h).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x4002101cu",  # RCC_APB1ENR
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "69u",  # clock / baud
    "STM32_USART_PORT": "0x40010800u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021018u",  # RCC_APB2ENR
    "STM32_USART_PORT_ENABLE": "0x4u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_F1": "1",
}
stand_in = "mps2-an385"
