base = ["cortex-m33f", "by-debugger"]
description = "EFR32xG24 radio board BRD4187C: Cortex-M33 with FPU, 1536 KB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/silabs/efr32mg24b210f1536im48.dtsi, 2b88bbd.
memory = {
    "FLASH": Region(0x08000000, 1536 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stand_in = "mps2-an505"
