base = ["rv64imafdc", "qemu-virt"]
description = "QEMU virt: RV64IMAFDC, 4 MB code, 4 MB RAM"
emulator = Qemu("riscv64", "virt", icount_shift=0, options=("-bios", "none"))
