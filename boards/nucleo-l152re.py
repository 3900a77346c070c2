base = "stm32l1xx"
description = "NUCLEO-L152RE: Cortex-M3, 512 KB flash, 80 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l1-51_52_62-c_d_e.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 80 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_l152re/board.hpp).
device = {"cmsis": "stm32l152xe", "define": "STM32L152xE"}
openocd = ["board/st_nucleo_l1.cfg"]
