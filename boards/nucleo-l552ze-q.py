base = "stm32l5xx"
description = "NUCLEO-L552ZE-Q: Cortex-M33 with FPU, 512 KB flash, 256 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l5-52_62.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
# LPUART1 on PG7 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_l552ze-q/board.hpp).
device = {"cmsis": "stm32l552xx", "define": "STM32L552xx"}
openocd = ["board/st_nucleo_l5.cfg"]
