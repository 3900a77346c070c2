base = "stm32f1xx"
description = "NUCLEO-F103RB: Cortex-M3, 128 KB flash, 20 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f1-03-8_b.xml.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 20 * KB),
}
# USART2 on PA2 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f103rb/board.hpp).
device = {"cmsis": "stm32f103xb", "define": "STM32F103xB"}
openocd = ["board/st_nucleo_f103rb.cfg"]
