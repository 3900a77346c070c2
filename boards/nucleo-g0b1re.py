base = "cortex-m0plus"
description = "NUCLEO-G0B1RE: Cortex-M0+, 512 KB flash, 144 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g0-b1_c1.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 144 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32g0b1xx", "define": "STM32G0B1xx"}
stand_in = "qemu-m0plus"
openocd = ["board/st_nucleo_g0.cfg"]
