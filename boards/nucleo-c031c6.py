base = "cortex-m0plus"
description = "NUCLEO-C031C6: Cortex-M0+, 32 KB flash, 12 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32c0-11_31.xml.
memory = {
    "FLASH": Region(0x08000000, 32 * KB, "rx"),
    "RAM": Region(0x20000000, 12 * KB),
}
stack = 4 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32c031xx", "define": "STM32C031xx"}
stand_in = "qemu-m0plus"
