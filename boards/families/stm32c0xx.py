# STM32C0 at its reset clock, the internal oscillator's 12 MHz (STMicroelectronics/cmsis_device_c0 fb56b1b,
# system_stm32c0xx.c).
base = "cortex-m0plus"
stack = 8 * KB
clock = 12 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_systick.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32c031xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32c0-11_31.xml).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x4002103cu",  # RCC_APBENR1
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "104u",  # clock / baud
    "STM32_USART_PORT": "0x50000000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021034u",  # RCC_IOPENR
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "1u",
}
stand_in = "qemu-m0plus"
