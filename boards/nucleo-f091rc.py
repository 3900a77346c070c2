base = "cortex-m0"
description = "NUCLEO-F091RC: Cortex-M0, 256 KB flash, 32 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f0-91.xml.
memory = {
    "FLASH": Region(0x08000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32f091xc", "define": "STM32F091xC"}
stand_in = "qemu-m0"
openocd = ["board/st_nucleo_f0.cfg"]
