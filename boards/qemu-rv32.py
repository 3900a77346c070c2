base = ["rv32imafc", "qemu-virt"]
description = "QEMU virt: RV32IMAFC, 4 MB code, 4 MB RAM"
emulator = Qemu("riscv32", "virt", cpu="rv32,d=off", icount_shift=0, options=("-bios", "none"))
