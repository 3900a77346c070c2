base = ["rv32imac", "rp2350"]
description = "Raspberry Pi Pico 2 (RP2350), RISC-V: RV32IMAC, 4 MB flash, 520 KB RAM"
# Memory: raspberrypi/pico-sdk a1438df, src/rp2350/hardware_regs/include/hardware/regs/addressmap.h and
# boards/include/boards/pico2.h. The boot ROM looks for the image's type behind the first instructions.
memory = {
    "FLASH": Region(0x10000000, 4 * MB, "rx"),
    "RAM": Region(0x20000000, 520 * KB),
}
counter = "counter_riscv_cycles.c"
sources = ["image_def_rp2350.c"]
defines = {"BOARD_MCOUNTINHIBIT": "1"}
stand_in = "qemu-rv32-nofpu"
