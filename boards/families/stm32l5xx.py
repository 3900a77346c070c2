# STM32L5 at its reset clock, the multi-speed oscillator's 4 MHz (STMicroelectronics/cmsis_device_l5 593f41f,
# system_stm32l5xx.c).
base = "cortex-m33f"
stack = 8 * KB
clock = 4 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# LPUART1 transmits on PG7 at 115200 baud (registers: the same repository's stm32l552xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32l5-52_62.xml).
defines = {
    "STM32_USART": "0x40008000u",
    "STM32_USART_ENABLE_REGISTER": "0x4002105cu",  # RCC_APB1ENR2
    "STM32_USART_ENABLE": "0x1u",
    "STM32_USART_DIVIDER": "8889u",  # 256 * clock / baud
    "STM32_USART_PORT": "0x42021800u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x4002104cu",  # RCC_AHB2ENR
    "STM32_USART_PORT_ENABLE": "0x40u",
    "STM32_USART_PIN": "7u",
    "STM32_USART_FUNCTION": "8u",
    "STM32_PWR": "0x40007000u",
    "STM32_PWR_ENABLE_REGISTER": "0x40021058u",
    "STM32_PWR_ENABLE": "0x10000000u",
}
stand_in = "mps2-an505"
