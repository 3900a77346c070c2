base = "cortex-m33f"
description = "nRF9160-DK: Cortex-M33 with FPU, 1 MB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/nordic/nrf9160_sica.dtsi, 1cde741.
memory = {
    "FLASH": Region(0x00000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "nrf9160", "define": "NRF9160_XXAA"}
stand_in = "mps2-an505"
