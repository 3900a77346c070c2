base = ["cortex-m33f", "rp2350"]
description = "Raspberry Pi Pico 2 (RP2350), Arm: Cortex-M33 with FPU, 4 MB flash, 520 KB RAM"
# Memory: raspberrypi/pico-sdk a1438df, src/rp2350/hardware_regs/include/hardware/regs/addressmap.h and
# boards/include/boards/pico2.h. The boot ROM looks for the image's type behind the vectors.
memory = {
    "FLASH": Region(0x10000000, 4 * MB, "rx"),
    "RAM": Region(0x20000000, 520 * KB),
}
counter = "counter_dwt.c"
sources = ["image_def_rp2350.c"]
stand_in = "mps2-an505"
