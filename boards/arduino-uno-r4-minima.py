base = ["cortex-m4f", "by-debugger"]
description = "Arduino UNO R4 Minima (RA4M1), without its bootloader: Cortex-M4F, 256 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/renesas/ra/ra4/r7fa4m1ab3cfm.dtsi, 2fbdd6d, and r7fa4m1ax.dtsi, 0348f2d.
memory = {
    "FLASH": Region(0x00000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stand_in = "mps2-an386"
