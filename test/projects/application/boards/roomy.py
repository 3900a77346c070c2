base = "mps2-an386"
description = "AN386 with the memory that others have as QSPI flash and as tightly coupled"
memory = {
    "FLASH": Region(0x00000000, 4 * MB, "rx"),
    "RAM": Region(0x20000000, 4 * MB),
    "EXT": Region(0x21000000, 1 * MB, "rx"),
    "FAST": Region(0x21800000, 64 * KB, "rw"),
}
interrupts = {"TIMER1_Handler": 9}
