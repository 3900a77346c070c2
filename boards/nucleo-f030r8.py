base = "cortex-m0"
description = "NUCLEO-F030R8: Cortex-M0, 64 KB flash, 8 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f0-30.xml.
memory = {
    "FLASH": Region(0x08000000, 64 * KB, "rx"),
    "RAM": Region(0x20000000, 8 * KB),
}
stack = 2 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32f030x8", "define": "STM32F030x8"}
stand_in = "qemu-m0"
openocd = ["board/st_nucleo_f0.cfg"]
