base = "cortex-m4f"
description = "NUCLEO-F303RE: Cortex-M4F, 512 KB flash, 64 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f3-03-b_c_d_e.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 64 * KB),
    "CCM": Region(0x10000000, 16 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32f303xe", "define": "STM32F303xE"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f3.cfg"]
