base = "stm32f0xx"
description = "NUCLEO-F072RB: Cortex-M0, 128 KB flash, 16 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f0-72.xml.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 16 * KB),
}
stack = 4 * KB
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f072rb/board.hpp).
device = {"cmsis": "stm32f072xb", "define": "STM32F072xB"}
openocd = ["board/st_nucleo_f0.cfg"]
