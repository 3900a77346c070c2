# STM32L0 at its reset clock, the multi-speed oscillator's 2.097152 MHz (STMicroelectronics/cmsis_device_l0 b3b1d7b,
# system_stm32l0xx.c).
base = "cortex-m0plus"
stack = 8 * KB
clock = 2_097_152
console = "console_stm32_usart_isr.c"
counter = "counter_systick.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32l053xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32l0-51_52_53_62_63.xml).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x40021038u",  # RCC_APB1ENR
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "18u",  # clock / baud
    "STM32_USART_PORT": "0x50000000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x4002102cu",  # RCC_IOPENR
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "4u",
}
stand_in = "qemu-m0plus"
