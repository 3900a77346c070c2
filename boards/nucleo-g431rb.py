base = "cortex-m4f"
description = "NUCLEO-G431RB: Cortex-M4F, 128 KB flash, 22 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g4-31_41.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 22 * KB),
    "CCM": Region(0x10000000, 10 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32g431xx", "define": "STM32G431xx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_g4.cfg"]
