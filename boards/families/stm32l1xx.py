# STM32L1 at its reset clock, the multi-speed oscillator's 2.097 MHz (STMicroelectronics/cmsis_device_l1 f1665c7,
# system_stm32l1xx.c).
base = "cortex-m3"
stack = 8 * KB
clock = 2_097_000
console = "console_stm32_usart.c"
counter = "counter_dwt.c"
# USART2 transmits on PA2 at 115200 baud (registers: the same repository's stm32l152xe.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32l1-51_52_62-c_d_e.xml).
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x40023824u",  # RCC_APB1ENR
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "18u",  # clock / baud
    "STM32_USART_PORT": "0x40020000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x4002381cu",  # RCC_AHBENR
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an385"
