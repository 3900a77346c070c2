base = ["rv32imac", "by-debugger-riscv"]
description = "Longan Nano (GD32VF103): RV32IMAC, 128 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/riscv/gd/gd32vf103Xb.dtsi, 3de45ee.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stand_in = "qemu-rv32-nofpu"
openocd = ["interface/cmsis-dap.cfg", "target/gd32vf103.cfg"]
