# One of the targets that upstream tests its ELF loader with: nothing but a .vmfb is made for it.
description = "RV32IMF, for a .vmfb only"
toolchain = ""
triple = "riscv32-pc-linux-elf"
cpu = "generic-rv32"
cpu_features = "+m,+f"
abi = "ilp32"
