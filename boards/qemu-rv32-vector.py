base = ["rv32imafc_zve32f", "qemu-virt"]
description = "QEMU virt: RV32IMAFC with vectors of 128 bits (Zve32f), 4 MB code, 16 MB RAM"
memory = {
    "FLASH": Region(0x80000000, 4 * MB, "rx"),
    "RAM": Region(0x80400000, 16 * MB),
}
# Older and newer versions of QEMU have no common name for Zve32f alone; V with elements of 32 bits they all take.
_CPU = "rv32,v=on,vlen=128,elen=32,vext_spec=v1.0"
emulator = Qemu("riscv32", "virt", cpu=_CPU, icount_shift=0, options=("-bios", "none"))
