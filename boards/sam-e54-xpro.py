base = ["cortex-m4f", "by-debugger"]
description = "SAM E54 Xplained Pro: Cortex-M4F, 1 MB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/atmel/samd5xx20.dtsi, 04a3f56.
memory = {
    "FLASH": Region(0x00000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stand_in = "mps2-an386"
openocd = ["interface/cmsis-dap.cfg", "target/atsame5x.cfg"]
