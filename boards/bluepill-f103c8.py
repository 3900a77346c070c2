base = "stm32f1xx"
description = "Blue Pill (STM32F103C8): Cortex-M3, 64 KB flash, 20 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f1-03-8_b.xml.
memory = {
    "FLASH": Region(0x08000000, 64 * KB, "rx"),
    "RAM": Region(0x20000000, 20 * KB),
}
# No debug probe is on the board: USART2 is on pin A2.
device = {"cmsis": "stm32f103xb", "define": "STM32F103xB"}
openocd = ["board/stm32f103c8_blue_pill.cfg"]
