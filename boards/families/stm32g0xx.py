# STM32G0 at its reset clock, the internal oscillator's 16 MHz (STMicroelectronics/cmsis_device_g0 6988fd4,
# system_stm32g0xx.c).
base = "cortex-m0plus"
stack = 8 * KB
clock = 16 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_systick.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32g071xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32g0-71_81.xml).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x4002103cu",  # RCC_APBENR1
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "139u",  # clock / baud
    "STM32_USART_PORT": "0x50000000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021034u",  # RCC_IOPENR
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "1u",
}
stand_in = "qemu-m0plus"
