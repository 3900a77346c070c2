base = "stm32g0xx"
description = "NUCLEO-G071RB: Cortex-M0+, 128 KB flash, 36 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g0-71_81.xml.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 36 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_g071rb/board.hpp).
device = {"cmsis": "stm32g071xx", "define": "STM32G071xx"}
openocd = ["board/st_nucleo_g0.cfg"]
