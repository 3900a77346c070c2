base = "cortex-m0"
description = "NUCLEO-F072RB: Cortex-M0, 128 KB flash, 16 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f0-72.xml.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 16 * KB),
}
stack = 4 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32f072xb", "define": "STM32F072xB"}
stand_in = "qemu-m0"
openocd = ["board/st_nucleo_f0.cfg"]
