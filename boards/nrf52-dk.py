base = "cortex-m4f"
description = "nRF52-DK (nRF52832): Cortex-M4F, 512 KB flash, 64 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/nordic/nrf52832_qfaa.dtsi, 236a2d6.
memory = {
    "FLASH": Region(0x00000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 64 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "nrf52", "define": "NRF52832_XXAA"}
stand_in = "mps2-an386"
probe = "nrf52"
openocd = ["board/nordic_nrf52_dk.cfg"]
