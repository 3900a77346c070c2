# One of the targets that upstream tests its ELF loader with: nothing but a .vmfb is made for it.
description = "RV64IMAFDC, for a .vmfb only"
toolchain = ""
triple = "riscv64-pc-linux-elf"
cpu = "generic-rv64"
cpu_features = "+m,+a,+f,+d,+c"
abi = "lp64d"
