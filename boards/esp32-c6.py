base = ["rv32imac", "by-debugger-riscv"]
description = "ESP32-C6, direct boot: RV32IMAC, 4 MB flash, 480 KB RAM"
# Memory: esp-rs/esp-hal, esp32c6-hal/ld/db-esp32c6-memory.x, 39444ba; core: zephyrproject-rtos/zephyr,
# dts/riscv/espressif/esp32c6/esp32c6_common.dtsi, 01a7d52. The header is ESP32-C3's. Its watchdogs are left as the boot ROM
# leaves them. No counter of the core is known.
memory = {
    "FLASH": Region(0x42000008, 4 * MB - 8, "rx"),
    "RAM": Region(0x40808000, 480 * KB),
    "HEADER": Region(0x42000000, 8, "rx"),
}
counter = "counter_none.c"
sources = ["direct_boot_esp32.c"]
link_flags = ["-Wl,--undefined=direct_boot"]
stand_in = "qemu-rv32-nofpu"
