# One of the targets that upstream tests its ELF loader with: nothing but a .vmfb is made for it.
description = "64-bit Arm (Armv8-A), for a .vmfb only"
toolchain = ""
triple = "aarch64-pc-linux-elf"
