base = ["cortex-m33f", "by-debugger"]
description = "nRF9160-DK: Cortex-M33 with FPU, 1 MB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/nordic/nrf9160_sica.dtsi, 1cde741.
memory = {
    "FLASH": Region(0x00000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
device = {"cmsis": "nrf9160", "define": "NRF9160_XXAA"}
stand_in = "mps2-an505"
