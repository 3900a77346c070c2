# QEMU's RISC-V machine "virt". It has RAM only: the first 4 MB are the code's.
memory = {
    "FLASH": Region(0x80000000, 4 * MB, "rx"),
    "RAM": Region(0x80400000, 4 * MB),
}
stack = 16 * KB
console = "console_ns16550.c"
counter = "counter_riscv.c"
defines = {
    "NS16550": "0x10000000u",
    # The startup code locks the code. As the protection unit wants it: address / 4, and
    # size / 8 - 1 as trailing ones.
    "BOARD_CODE_NAPOT": f"{0x80000000 // 4 | 4 * MB // 8 - 1:#x}u",
}
