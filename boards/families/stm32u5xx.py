# STM32U5 at its reset clock, the multi-speed oscillator's 4 MHz (STMicroelectronics/cmsis_device_u5 48a64b6,
# system_stm32u5xx.c).
base = "cortex-m33f"
stack = 8 * KB
clock = 4 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# USART1 transmits on PA9 at 115200 baud (registers: the same repository's stm32u575xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32u5-75_85.xml).
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x46020ca4u",  # RCC_APB2ENR
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_DIVIDER": "35u",  # clock / baud
    "STM32_USART_PORT": "0x42020000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x46020c8cu",  # RCC_AHB2ENR1
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an505"
