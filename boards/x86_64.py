# One of the targets that upstream tests its ELF loader with: nothing but a .vmfb is made for it.
description = "64-bit x86, for a .vmfb only"
toolchain = ""
triple = "x86_64-pc-linux-elf"
cpu = "generic"  # without a word of it the compiler warns, and takes that
