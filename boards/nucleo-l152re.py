base = "cortex-m3"
description = "NUCLEO-L152RE: Cortex-M3, 512 KB flash, 80 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l1-51_52_62-c_d_e.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 80 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32l152xe", "define": "STM32L152xE"}
stand_in = "mps2-an385"
openocd = ["board/st_nucleo_l1.cfg"]
