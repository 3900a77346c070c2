base = ["rv64imafdc", "by-debugger-riscv"]
description = "Sipeed Maix Bit (K210), the first of its two cores: RV64IMAFDC, 2 MB RAM for code, 4 MB RAM"
# Memory: kendryte/kendryte-standalone-sdk, lds/kendryte.ld, 1098761, and lib/bsp/crt.S, 04de3dd, where both cores
# start. The
# boot ROM copies the image from flash to where the RAM begins; the vendor's kflash writes it there, from the .bin file.
memory = {
    "CODE": Region(0x80000000, 2 * MB, "rx"),
    "RAM": Region(0x80200000, 4 * MB),
}
defines = {"BOARD_HARTS": "2"}
stand_in = "qemu-rv64"
