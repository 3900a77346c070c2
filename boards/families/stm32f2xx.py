# STM32F2 at its reset clock, the internal oscillator's 16 MHz (STMicroelectronics/cmsis_device_f2 49321f1,
# system_stm32f2xx.c).
base = "cortex-m3"
stack = 8 * KB
clock = 16 * MHZ
console = "console_stm32_usart.c"
counter = "counter_dwt.c"
# USART3 transmits on PD8 at 115200 baud (registers: the same repository's stm32f207xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32f2-07_15_17.xml).
defines = {
    "STM32_USART": "0x40004800u",
    "STM32_USART_ENABLE_REGISTER": "0x40023840u",  # RCC_APB1ENR
    "STM32_USART_ENABLE": "0x40000u",
    "STM32_USART_DIVIDER": "139u",  # clock / baud
    "STM32_USART_PORT": "0x40020c00u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40023830u",  # RCC_AHB1ENR
    "STM32_USART_PORT_ENABLE": "0x8u",
    "STM32_USART_PIN": "8u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an385"
