base = "cortex-m33f"
description = "NUCLEO-U575ZI-Q: Cortex-M33 with FPU, 2 MB flash, 768 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32u5-75_85.xml. RAM: sram1, sram2, sram3, without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 768 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32u575xx", "define": "STM32U575xx"}
stand_in = "mps2-an505"
openocd = ["interface/stlink.cfg", "target/stm32u5x.cfg"]
