base = "stm32l4xx"
description = "NUCLEO-L452RE: Cortex-M4F, 512 KB flash, 160 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l4-52_62.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 160 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_l452re/board.hpp).
device = {"cmsis": "stm32l452xx", "define": "STM32L452xx"}
openocd = ["board/st_nucleo_l4.cfg"]
