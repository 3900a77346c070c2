base = ["cortex-m4", "by-debugger"]
description = "SAM4S Xplained: Cortex-M4, 1 MB flash, 128 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/atmel/sam4s16c.dtsi, 2b08ff9.
memory = {
    "FLASH": Region(0x00400000, 1 * MB, "rx"),
    "RAM": Region(0x20100000, 128 * KB),
}
stand_in = "mps2-an386-nofpu"
