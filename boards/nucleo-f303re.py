base = "stm32f3xx"
description = "NUCLEO-F303RE: Cortex-M4F, 512 KB flash, 64 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f3-03-b_c_d_e.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 64 * KB),
    "CCM": Region(0x10000000, 16 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f303re/board.hpp).
device = {"cmsis": "stm32f303xe", "define": "STM32F303xE"}
openocd = ["board/st_nucleo_f3.cfg"]
