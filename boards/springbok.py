base = "rv32imafc_zve32f"
description = "Springbok: RV32IMAFC with vectors, 1 MB ITCM, 16 MB DTCM"
# Its simulator's map: the vector core's instruction and data memories.
memory = {
    "FLASH": Region(0x32000000, 1 * MB, "rx"),
    "RAM": Region(0x34000000, 16 * MB),
}
stack = 16 * KB
console = "console_semihosting.c"
counter = "counter_riscv.c"
stand_in = "qemu-rv32-vector"
