# STM32G4 at its reset clock, the internal oscillator's 16 MHz (STMicroelectronics/cmsis_device_g4 f4ee399,
# system_stm32g4xx.c).
base = "cortex-m4f"
stack = 8 * KB
clock = 16 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32g474xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32g4-74_84.xml).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x40021058u",  # RCC_APB1ENR1
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "139u",  # clock / baud
    "STM32_USART_PORT": "0x48000000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x4002104cu",  # RCC_AHB2ENR
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an386"
