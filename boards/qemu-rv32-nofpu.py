base = ["rv32imac", "qemu-virt"]
description = "QEMU virt: RV32IMAC, 4 MB code, 4 MB RAM"
emulator = Qemu("riscv32", "virt", cpu="rv32,f=off,d=off", icount_shift=0, options=("-bios", "none"))
