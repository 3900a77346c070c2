base = "stm32f7xx"
description = "NUCLEO-F746ZG: Cortex-M7 with FPU, 1 MB flash, 384 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f7-45_46_56.xml. RAM: dtcm, sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 384 * KB),
}
# USART3 on PD8 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f746zg/board.hpp).
device = {"cmsis": "stm32f746xx", "define": "STM32F746xx"}
openocd = ["board/st_nucleo_f7.cfg"]
