base = ["cortex-m55", "by-debugger"]
description = "Renesas EK-RA8M1 (RA8M1), its Cortex-M85 as a Cortex-M55: FPU and MVE, 2016 KB flash, 896 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/renesas/ra/ra8/r7fa8m1ahecbd.dtsi, 06758ff, and ra8x1.dtsi, 0202bd8; probe:
# boards/renesas/ek_ra8m1/board.cmake, 50fb456. A Cortex-M85 executes what is made for a Cortex-M55, at a timing of its own.
memory = {
    "FLASH": Region(0x02000000, 2016 * KB, "rx"),
    "RAM": Region(0x22000000, 896 * KB),
}
stand_in = "qemu-m55"
probe = "R7FA8M1AH"
jlink = "R7FA8M1AH"
