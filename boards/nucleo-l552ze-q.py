base = "cortex-m33f"
description = "NUCLEO-L552ZE-Q: Cortex-M33 with FPU, 512 KB flash, 256 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l5-52_62.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32l552xx", "define": "STM32L552xx"}
stand_in = "mps2-an505"
openocd = ["board/st_nucleo_l5.cfg"]
