base = "cortex-m4f"
description = "NUCLEO-F412ZG: Cortex-M4F, 1 MB flash, 256 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-12.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f412zx", "define": "STM32F412Zx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f4.cfg"]
