base = "cortex-m4f"
description = "B-L475E-IOT01A: Cortex-M4F, 1 MB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l4-75_85.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "stm32l475xx", "define": "STM32L475xx"}
stand_in = "mps2-an386"
openocd = ["board/stm32l4discovery.cfg"]
