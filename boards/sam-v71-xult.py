base = ["cortex-m7f", "by-debugger"]
description = "SAM V71 Xplained Ultra: Cortex-M7 with FPU, 2 MB flash, 384 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/atmel/samx7xx21.dtsi, 1fb8f65.
# Its FPU may have double precision; single is what is used.
memory = {
    "FLASH": Region(0x00400000, 2 * MB, "rx"),
    "RAM": Region(0x20400000, 384 * KB),
}
stand_in = "mps2-an500"
openocd = ["board/atmel_samv71_xplained_ultra.cfg"]
