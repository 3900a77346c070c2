base = ["cortex-m33f", "by-debugger"]
description = "nRF54L15-DK, its Cortex-M33: Cortex-M33 with FPU, 1428 KB flash, 188 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/vendor/nordic/nrf54l15.dtsi, 51b87a5: the application core's.
memory = {
    "FLASH": Region(0x00000000, 1428 * KB, "rx"),
    "RAM": Region(0x20000000, 188 * KB),
}
stand_in = "mps2-an505"
