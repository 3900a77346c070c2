description = "QEMU virt: RV32IMAFC, 4 MB code, 4 MB RAM"
toolchain = "riscv64-unknown-elf"
triple = "riscv32-pc-linux-elf"
cpu = "generic-rv32"
cpu_features = "+m,+a,+f,+c"
abi = "ilp32f"
# The older ISA specification, else GCC 12 picks the 64-bit libraries for names like rv32…_zicsr.
machine_flags = ["-march=rv32imafc", "-mabi=ilp32f", "-misa-spec=2.2", "-mcmodel=medany"]
specs = ["--specs=picolibc.specs"]
# The machine has RAM only. Its first 4 MB are the code's, and the startup code locks them.
memory = {
    "FLASH": Region(0x80000000, 4 * MB, "rx"),
    "RAM": Region(0x80400000, 4 * MB),
}
stack = 16 * KB
sources = [
    "startup_riscv.c",
    "start.c",
    "print.c",
    "semihosting.c",
    "console_ns16550.c",
    "counter_riscv.c",
]
defines = {
    "NS16550": "0x10000000u",
    # As the protection unit wants it: address / 4, and size / 8 - 1 as trailing ones.
    "BOARD_CODE_NAPOT": f"{0x80000000 // 4 | 4 * MB // 8 - 1:#x}u",
}
emulator = Qemu("riscv32", "virt", cpu="rv32,d=off", icount_shift=0, options=("-bios", "none"))
