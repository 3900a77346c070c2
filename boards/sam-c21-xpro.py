base = ["cortex-m0plus", "by-debugger"]
description = "SAM C21 Xplained Pro: Cortex-M0+, 256 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/atmel/samc21x18.dtsi, 1cde741.
memory = {
    "FLASH": Region(0x00000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
counter = "counter_systick.c"
stand_in = "qemu-m0plus"
