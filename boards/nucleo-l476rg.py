base = "stm32l4xx"
description = "NUCLEO-L476RG: Cortex-M4F, 1 MB flash, 96 KB SRAM1, 32 KB SRAM2"
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 96 * KB),
    "SRAM2": Region(0x10000000, 32 * KB),
}
# Lines of 64 bits, behind a prefetch and caches of 1 KB for instructions and 256 bytes for data; range 1: RM0351,
# 3.3.
flash_timing = FlashTiming(8, [16 * MHZ, 32 * MHZ, 48 * MHZ, 64 * MHZ, 80 * MHZ])
device = {"cmsis": "stm32l476xx", "define": "STM32L476xx", "libopencm3": "stm32l4"}
probe = "stm32l476rg"
openocd = ["board/st_nucleo_l4.cfg"]
