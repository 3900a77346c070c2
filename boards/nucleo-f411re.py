base = "stm32f4xx"
description = "NUCLEO-F411RE: Cortex-M4F, 512 KB flash, 128 KB SRAM"
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
# Lines of 128 bits, behind a prefetch, 64 lines of cache for instructions and 8 for data: RM0383, 3.4.
flash_timing = FlashTiming(16, [30 * MHZ, 64 * MHZ, 90 * MHZ, 100 * MHZ])
device = {"cmsis": "stm32f411xe", "define": "STM32F411xE", "libopencm3": "stm32f4"}
probe = "stm32f411re"
openocd = ["board/st_nucleo_f4.cfg"]
