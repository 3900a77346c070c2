base = ["rv32imc", "by-debugger-riscv"]
description = "ESP32-C3, direct boot: RV32IMC, 4 MB flash, 320 KB RAM"
# Memory and header: espressif/esp32c3-direct-boot-example, ld/esp32c3/memory.ld, bac08da, and README.md, 3cd353c.
# From silicon revision 3 on, with a flash of 4 MB. No counter of the core is described: it has none of the
# specification's.
memory = {
    "FLASH": Region(0x42000008, 4 * MB - 8, "rx"),
    "RAM": Region(0x3fc80000, 320 * KB),
    "HEADER": Region(0x42000000, 8, "rx"),
}
counter = "counter_none.c"
sources = ["direct_boot_esp32.c"]
link_flags = ["-Wl,--undefined=direct_boot"]
stand_in = "qemu-rv32-nofpu"
