base = "cortex-m7d"
description = "STM32F769I-DISCO: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f7-65_67_68_69_77_78_79.xml. RAM: dtcm, sram1, sram2,
# without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 512 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f769xx", "define": "STM32F769xx"}
stand_in = "mps2-an500"
openocd = ["board/stm32f769i-disco.cfg"]
