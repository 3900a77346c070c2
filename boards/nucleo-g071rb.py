base = "cortex-m0plus"
description = "NUCLEO-G071RB: Cortex-M0+, 128 KB flash, 36 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g0-71_81.xml.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 36 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32g071xx", "define": "STM32G071xx"}
stand_in = "qemu-m0plus"
openocd = ["board/st_nucleo_g0.cfg"]
