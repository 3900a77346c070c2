base = ["cortex-m33f", "by-debugger"]
description = "LPCXpresso55S69 (LPC55S69), its first Cortex-M33: FPU, 630 KB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/nxp/lpc/lpc55xxx/nxp_lpc55S6x.dtsi, 5786385, and nxp_lpc55S6x_common.dtsi,
# 28cc3ce: the secure addresses, as the core starts in that state. RAM: SRAM0 to SRAM3, without a gap. Probe:
# boards/nxp/lpcxpresso55s69/board.cmake, 067c690.
memory = {
    "FLASH": Region(0x10000000, 630 * KB, "rx"),
    "RAM": Region(0x30000000, 256 * KB),
    "SRAMX": Region(0x14000000, 32 * KB),
}
stand_in = "mps2-an505"
probe = "lpc55s69"
jlink = "LPC55S69_M33_0"
