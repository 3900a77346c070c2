base = ["cortex-m0plus", "rp2040"]
description = "Raspberry Pi Pico (RP2040): Cortex-M0+, 2 MB flash, 264 KB RAM"
# Memory: raspberrypi/pico-sdk a1438df, src/rp2040/hardware_regs/include/hardware/regs/addressmap.h and
# boards/include/boards/pico.h. The boot ROM runs the first 256 bytes, a second stage of ours.
memory = {
    "FLASH": Region(0x10000100, 2 * MB - 256, "rx"),
    "RAM": Region(0x20000000, 264 * KB),
    "BOOT2": Region(0x10000000, 256, "rx"),
}
counter = "counter_systick.c"
sources = ["boot2_rp2040.S"]
link_flags = ["-Wl,--undefined=boot2"]
stand_in = "qemu-m0plus"
probe = "rp2040"
openocd = ["interface/cmsis-dap.cfg", "target/rp2040.cfg"]
