base = "stm32f4xx"
description = "NUCLEO-F411RE: Cortex-M4F, 512 KB flash, 128 KB SRAM"
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
device = {"cmsis": "stm32f411xe", "define": "STM32F411xE", "libopencm3": "stm32f4"}
probe = "stm32f411re"
openocd = ["board/st_nucleo_f4.cfg"]
