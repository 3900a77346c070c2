base = "stm32f0xx"
description = "NUCLEO-F091RC: Cortex-M0, 256 KB flash, 32 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f0-91.xml.
memory = {
    "FLASH": Region(0x08000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f091rc/board.hpp).
device = {"cmsis": "stm32f091xc", "define": "STM32F091xC"}
openocd = ["board/st_nucleo_f0.cfg"]
