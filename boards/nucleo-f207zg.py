base = "cortex-m3"
description = "NUCLEO-F207ZG: Cortex-M3, 1 MB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f2-07_15_17.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f207xx", "define": "STM32F207xx"}
stand_in = "mps2-an385"
openocd = ["interface/stlink.cfg", "target/stm32f2x.cfg"]
