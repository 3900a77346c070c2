base = "cortex-m4f"
description = "Black Pill (STM32F411CE): Cortex-M4F, 512 KB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-01_11.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f411xe", "define": "STM32F411xE"}
stand_in = "mps2-an386"
openocd = ["interface/stlink.cfg", "target/stm32f4x.cfg"]
