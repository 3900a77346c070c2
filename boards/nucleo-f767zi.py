base = ["stm32f7xx", "cortex-m7d"]
description = "NUCLEO-F767ZI: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f7-65_67_68_69_77_78_79.xml. RAM: dtcm, sram1, sram2,
# without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 512 * KB),
}
# USART3 on PD8 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f767zi/board.hpp).
device = {"cmsis": "stm32f767xx", "define": "STM32F767xx"}
openocd = ["board/st_nucleo_f7.cfg"]
