base = "cortex-m4f"
description = "STM32F3DISCOVERY: Cortex-M4F, 256 KB flash, 40 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f3-03-b_c_d_e.xml.
memory = {
    "FLASH": Region(0x08000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 40 * KB),
    "CCM": Region(0x10000000, 8 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f303xc", "define": "STM32F303xC"}
stand_in = "mps2-an386"
openocd = ["board/stm32f3discovery.cfg"]
