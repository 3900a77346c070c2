base = "stm32l0xx"
description = "NUCLEO-L053R8: Cortex-M0+, 64 KB flash, 8 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l0-51_52_53_62_63.xml.
memory = {
    "FLASH": Region(0x08000000, 64 * KB, "rx"),
    "RAM": Region(0x20000000, 8 * KB),
}
stack = 2 * KB
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_l053r8/board.hpp).
device = {"cmsis": "stm32l053xx", "define": "STM32L053xx"}
openocd = ["interface/stlink.cfg", "target/stm32l0.cfg"]
