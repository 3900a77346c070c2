# STM32WB at its reset clock, the multi-speed oscillator's 4 MHz (STMicroelectronics/cmsis_device_wb d6a7fa2,
# system_stm32wbxx.c).
base = "cortex-m4f"
stack = 8 * KB
clock = 4 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# USART1 transmits on PB6 at 115200 baud (registers: the same repository's stm32wb55xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32wb-35_55.xml).
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x58000060u",  # RCC_APB2ENR
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_DIVIDER": "35u",  # clock / baud
    "STM32_USART_PORT": "0x48000400u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x5800004cu",  # RCC_AHB2ENR
    "STM32_USART_PORT_ENABLE": "0x2u",
    "STM32_USART_PIN": "6u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an386"
