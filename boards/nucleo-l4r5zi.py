base = "stm32l4xx"
description = "NUCLEO-L4R5ZI: Cortex-M4F, 2 MB flash, 640 KB SRAM"
# SRAM1, the alias of SRAM2 behind it, and SRAM3: 192 + 64 + 384 KB without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 640 * KB),
}
# LPUART1 transmits on PG7, whose supply must be declared valid; its divider is 256 * clock / baud.
defines = {
    "STM32_USART": "0x40008000u",
    "STM32_USART_ENABLE_REGISTER": "0x4002105cu",  # RCC_APB1ENR2
    "STM32_USART_ENABLE": "0x1u",
    "STM32_USART_DIVIDER": "8889u",
    "STM32_USART_PORT": "0x48001800u",
    "STM32_USART_PORT_ENABLE": "0x40u",
    "STM32_USART_PIN": "7u",
    "STM32_USART_FUNCTION": "8u",
    "STM32_PWR": "0x40007000u",
    "STM32_PWR_ENABLE_REGISTER": "0x40021058u",
    "STM32_PWR_ENABLE": "0x10000000u",
}
# Lines of 64 bits in the dual-bank mode that parts are delivered in, behind a prefetch and caches of 1 KB for
# instructions and 256 bytes for data; range 1, boosted above 80 MHz: RM0432, 3.3.
flash_timing = FlashTiming(8, [20 * MHZ, 40 * MHZ, 60 * MHZ, 80 * MHZ, 100 * MHZ, 120 * MHZ])
device = {"cmsis": "stm32l4r5xx", "define": "STM32L4R5xx", "libopencm3": "stm32l4"}
probe = "stm32l4r5zi"
openocd = ["board/st_nucleo_l4.cfg"]
