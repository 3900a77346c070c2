base = "mps3-an547"
description = "QEMU's AN547 with code and data in its SRAM: Cortex-M55 with MVE, 2 MB code, 4 MB RAM"
memory = {
    "FLASH": Region(0x01000000, 2 * MB, "rx"),
    "RAM": Region(0x21000000, 4 * MB),
}
defines = {"BOARD_CODE": "0x01000000u", "BOARD_CODE_LAST": "0x011fffffu"}
emulator = Qemu("arm", "mps3-an547", icount_shift=6, reset=0)
