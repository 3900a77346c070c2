base = "cortex-m4f"
description = "NUCLEO-F429ZI: Cortex-M4F, 2 MB flash, 192 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-27_29_37_39.xml. RAM: sram1, sram2, sram3, without a
# gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 192 * KB),
    "CCM": Region(0x10000000, 64 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f429xx", "define": "STM32F429xx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f4.cfg"]
