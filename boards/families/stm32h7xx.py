# STM32H7 at its reset clock, the internal oscillator's 64 MHz (STMicroelectronics/cmsis_device_h7 13ba9da,
# system_stm32h7xx.c).
base = "cortex-m7d"
# Memory of STM32H742 to H757: modm-io/modm-devices cd25d12, devices/stm32/stm32h7-43_53.xml, -45_55.xml, -47_57.xml.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x24000000, 512 * KB),
    "DTCM": Region(0x20000000, 128 * KB),
    "ITCM": Region(0x00000000, 64 * KB),
}
stack = 8 * KB
clock = 64 * MHZ
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# USART3 transmits on PD8 at 115200 baud (registers: the same repository's stm32h743xx.h;
# the pin's function: modm-io/modm-devices cd25d12, stm32h7-43_53.xml).
defines = {
    "STM32_USART": "0x40004800u",
    "STM32_USART_ENABLE_REGISTER": "0x580244e8u",  # RCC_APB1LENR
    "STM32_USART_ENABLE": "0x40000u",
    "STM32_USART_DIVIDER": "556u",  # clock / baud
    "STM32_USART_PORT": "0x58020c00u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x580244e0u",  # RCC_AHB4ENR
    "STM32_USART_PORT_ENABLE": "0x8u",
    "STM32_USART_PIN": "8u",
    "STM32_USART_FUNCTION": "7u",
}
stand_in = "mps2-an500"
