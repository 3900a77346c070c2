base = "cortex-m4f"
description = "NUCLEO-WB55RG: Cortex-M4F, 1 MB flash, 192 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32wb-35_55.xml; without SRAM2, which is the second core's.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 192 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32wb55xx", "define": "STM32WB55xx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_wb55.cfg"]
