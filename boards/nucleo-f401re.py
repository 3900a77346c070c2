base = "stm32f4xx"
description = "NUCLEO-F401RE: Cortex-M4F, 512 KB flash, 96 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-01_11.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 96 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f401re/board.hpp).
device = {"cmsis": "stm32f401xe", "define": "STM32F401xE"}
openocd = ["board/st_nucleo_f4.cfg"]
