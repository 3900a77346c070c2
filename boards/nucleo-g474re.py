base = "cortex-m4f"
description = "NUCLEO-G474RE: Cortex-M4F, 512 KB flash, 96 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g4-74_84.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 96 * KB),
    "CCM": Region(0x10000000, 32 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32g474xx", "define": "STM32G474xx"}
stand_in = "mps2-an386"
probe = "stm32g474retx"
openocd = ["board/st_nucleo_g4.cfg"]
