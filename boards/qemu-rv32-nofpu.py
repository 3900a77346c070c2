base = ["rv32imac", "qemu-virt"]
description = "QEMU virt: RV32IMAC, 4 MB code, 4 MB RAM"
# QEMU 10 and later take the FPU from rv32 only along with other extensions; this core has none.
emulator = Qemu("riscv32", "virt", cpu="sifive-e31", icount_shift=0, options=("-bios", "none"))
