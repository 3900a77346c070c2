base = "stm32f4xx"
description = "NUCLEO-F446RE: Cortex-M4F, 512 KB flash, 128 KB SRAM"
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
device = {"cmsis": "stm32f446xx", "define": "STM32F446xx", "libopencm3": "stm32f4"}
probe = "stm32f446re"
openocd = ["board/st_nucleo_f4.cfg"]
