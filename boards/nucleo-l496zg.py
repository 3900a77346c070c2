base = "stm32l4xx"
description = "NUCLEO-L496ZG: Cortex-M4F, 1 MB flash, 320 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l4-96_a6.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 320 * KB),
}
# LPUART1 on PG7 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_l496zg-p/board.hpp).
defines = {
    "STM32_USART": "0x40008000u",
    "STM32_USART_ENABLE_REGISTER": "0x4002105cu",
    "STM32_USART_ENABLE": "0x1u",
    "STM32_USART_DIVIDER": "8889u",
    "STM32_USART_PORT": "0x48001800u",
    "STM32_USART_PORT_ENABLE": "0x40u",
    "STM32_USART_PIN": "7u",
    "STM32_USART_FUNCTION": "8u",
    "STM32_PWR": "0x40007000u",
    "STM32_PWR_ENABLE_REGISTER": "0x40021058u",
    "STM32_PWR_ENABLE": "0x10000000u",
}
device = {"cmsis": "stm32l496xx", "define": "STM32L496xx"}
openocd = ["board/st_nucleo_l4.cfg"]
