base = "stm32f4xx"
description = "NUCLEO-F446ZE: Cortex-M4F, 512 KB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-46.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
# USART3 on PD8 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f446ze/board.hpp).
defines = {
    "STM32_USART": "0x40004800u",
    "STM32_USART_ENABLE": "0x40000u",
    "STM32_USART_PORT": "0x40020c00u",
    "STM32_USART_PORT_ENABLE": "0x8u",
    "STM32_USART_PIN": "8u",
}
emulator = None
counter = "counter_dwt.c"
device = {"cmsis": "stm32f446xx", "define": "STM32F446xx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f4.cfg"]
