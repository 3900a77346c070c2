base = "cortex-m7f"
description = "NUCLEO-F746ZG: Cortex-M7 with FPU, 1 MB flash, 384 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f7-45_46_56.xml. RAM: dtcm, sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 384 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f746xx", "define": "STM32F746xx"}
stand_in = "mps2-an500"
openocd = ["board/st_nucleo_f7.cfg"]
