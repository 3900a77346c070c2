base = ["cortex-m4f", "by-debugger"]
description = "Ambiq Apollo4 Plus EVB, behind its bootloader: Cortex-M4F, 1952 KB flash, 2816 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/ambiq/ambiq_apollo4p.dtsi, 0118886: TCM and SRAM, without a gap.
memory = {
    "FLASH": Region(0x00018000, 1952 * KB, "rx"),
    "RAM": Region(0x10000000, 2816 * KB),
}
stand_in = "mps2-an386"
