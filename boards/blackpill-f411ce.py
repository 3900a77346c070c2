base = "stm32f4xx"
description = "Black Pill (STM32F411CE): Cortex-M4F, 512 KB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-01_11.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
# No debug probe is on the board: USART2 is on pin A2.
device = {"cmsis": "stm32f411xe", "define": "STM32F411xE"}
openocd = ["interface/stlink.cfg", "target/stm32f4x.cfg"]
