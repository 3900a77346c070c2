base = "cortex-m4f"
description = "NUCLEO-L496ZG: Cortex-M4F, 1 MB flash, 320 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l4-96_a6.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 320 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32l496xx", "define": "STM32L496xx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_l4.cfg"]
