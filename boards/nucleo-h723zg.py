base = "stm32h7xx"
description = "NUCLEO-H723ZG: Cortex-M7 with double-precision FPU, 1 MB flash, 320 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32h7-23_33.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x24000000, 320 * KB),
    "DTCM": Region(0x20000000, 128 * KB),
    "ITCM": Region(0x00000000, 64 * KB),
}
# USART3 on PD8 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_h723zg/board.hpp).
device = {"cmsis": "stm32h723xx", "define": "STM32H723xx"}
openocd = ["interface/stlink.cfg", "target/stm32h7x.cfg"]
