# One of the targets that upstream tests its ELF loader with: nothing but a .vmfb is made for it.
description = "32-bit Arm (Armv7-A), for a .vmfb only"
toolchain = ""
triple = "armv7a-pc-linux-elf"
float_abi = "hard"
