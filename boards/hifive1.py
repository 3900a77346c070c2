base = ["rv32imac", "by-debugger-riscv"]
description = "SiFive HiFive1 (FE310): RV32IMAC, 4 MB flash, 16 KB RAM"
# Memory: zephyrproject-rtos/zephyr, boards/sifive/hifive1/hifive1.dts, 0fdf109, and
# dts/riscv/sifive/riscv32-fe310.dtsi, 0225b4d; of its flash the first 4 MB.
memory = {
    "FLASH": Region(0x20400000, 4 * MB, "rx"),
    "RAM": Region(0x80000000, 16 * KB),
}
stack = 4 * KB
stand_in = "qemu-rv32-nofpu"
openocd = ["board/sifive-hifive1.cfg"]
