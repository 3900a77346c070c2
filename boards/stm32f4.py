base = "stm32f4xx"
description = "STM32F405/407: Cortex-M4F, 1 MB flash, 128 KB SRAM, 64 KB CCM"
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
    # Not for code or DMA. QEMU 7.2 does not have it (its one SRAM is 192 KB).
    "CCM": Region(0x10000000, 64 * KB, "rw"),
}
# USART1 transmits on PA9.
defines = {
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE_REGISTER": "0x40023844u",
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_PIN": "9u",
}
device = {"cmsis": "stm32f407xx", "define": "STM32F407xx", "libopencm3": "stm32f4"}
probe = "stm32f407vg"
openocd = ["interface/stlink.cfg", "target/stm32f4x.cfg"]
