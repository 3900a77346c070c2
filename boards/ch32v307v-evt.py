base = ["rv32imafc", "by-debugger-riscv"]
description = "CH32V307V-EVT: RV32IMAFC, 480 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/riscv/wch/ch32v307/ch32v307.dtsi, 10ae757.
# The core (dts/riscv/wch/qingke-v4f.dtsi) is taken for RV32IMAFC; no counter of it is known.
memory = {
    "FLASH": Region(0x08000000, 480 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
counter = "counter_none.c"
stand_in = "qemu-rv32"
