base = "cortex-m4f"
description = "NUCLEO-F401RE: Cortex-M4F, 512 KB flash, 96 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-01_11.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 96 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f401xe", "define": "STM32F401xE"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f4.cfg"]
