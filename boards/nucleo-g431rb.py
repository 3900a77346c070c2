base = "stm32g4xx"
description = "NUCLEO-G431RB: Cortex-M4F, 128 KB flash, 22 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g4-31_41.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 22 * KB),
    "CCM": Region(0x10000000, 10 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_g431rb/board.hpp).
device = {"cmsis": "stm32g431xx", "define": "STM32G431xx"}
openocd = ["board/st_nucleo_g4.cfg"]
