base = ["microbit", "cortex-m0"]
description = "QEMU's nRF51 with more memory: Cortex-M0, 16 MB flash, 1 MB RAM"
memory = {
    "FLASH": Region(0x00000000, 16 * MB, "rx"),
    "RAM": Region(0x20000000, 1 * MB),
}
emulator = Qemu(
    "arm",
    "microbit",
    icount_shift=7,
    options=("-global", "nrf51-soc.flash-size=16777216", "-global", "nrf51-soc.sram-size=1048576"),
)
probe = ""
openocd = []
