# STM32F0 at its reset clock, the internal oscillator's 8 MHz (STMicroelectronics/cmsis_device_f0 f3174b2,
# system_stm32f0xx.c).
base = "cortex-m0"
stack = 8 * KB
clock = 8 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_systick.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32f030x8.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32f0-30.xml).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x4002101cu",  # RCC_APB1ENR
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "69u",  # clock / baud
    "STM32_USART_PORT": "0x48000000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021014u",  # RCC_AHBENR
    "STM32_USART_PORT_ENABLE": "0x20000u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "1u",
}
stand_in = "qemu-m0"
