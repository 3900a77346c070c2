base = "cortex-m7d"
description = "NUCLEO-H745ZI-Q, its Cortex-M7: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32h7-45_55.xml.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x24000000, 512 * KB),
    "DTCM": Region(0x20000000, 128 * KB),
    "ITCM": Region(0x00000000, 64 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32h745xx", "define": "STM32H745xx"}
stand_in = "mps2-an500"
openocd = ["board/st_nucleo_h745zi.cfg"]
