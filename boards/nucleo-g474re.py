base = "stm32g4xx"
description = "NUCLEO-G474RE: Cortex-M4F, 512 KB flash, 96 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g4-74_84.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 96 * KB),
    "CCM": Region(0x10000000, 32 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_g474re/board.hpp).
device = {"cmsis": "stm32g474xx", "define": "STM32G474xx"}
probe = "stm32g474retx"
openocd = ["board/st_nucleo_g4.cfg"]
