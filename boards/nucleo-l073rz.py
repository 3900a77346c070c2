base = "cortex-m0plus"
description = "NUCLEO-L073RZ: Cortex-M0+, 192 KB flash, 20 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l0-71_72_73_81_82_83.xml.
memory = {
    "FLASH": Region(0x08000000, 192 * KB, "rx"),
    "RAM": Region(0x20000000, 20 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_systick.c"
device = {"cmsis": "stm32l073xx", "define": "STM32L073xx"}
stand_in = "qemu-m0plus"
openocd = ["board/st_nucleo_l073rz.cfg"]
