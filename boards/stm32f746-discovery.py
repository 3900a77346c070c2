base = "stm32f7xx"
description = "32F746GDISCOVERY: Cortex-M7 with FPU, 1 MB flash, 320 KB SRAM, 16 KB ITCM"
# RM0385. The RAM: 64 KB DTCM, 240 KB SRAM1 and 16 KB SRAM2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 320 * KB),
    "ITCM": Region(0x00000000, 16 * KB),
}
# Lines of 256 bits, behind the core's caches: RM0385, 3.3 and table 7.
flash_timing = FlashTiming(32, [30 * MHZ, 60 * MHZ, 90 * MHZ, 120 * MHZ, 150 * MHZ, 180 * MHZ, 210 * MHZ, 216 * MHZ])
# USART1 transmits on PA9 and receives on PB7, the debug probe's serial port (modm-io/modm d72efc7,
# board/disco_f746ng/board.hpp).
defines = {
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE_REGISTER": "0x40023844u",  # RCC_APB2ENR
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_PORT": "0x40020000u",
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_RX_PORT": "0x40020400u",
    "STM32_USART_RX_PORT_ENABLE": "0x2u",
    "STM32_USART_RX_PIN": "7u",
}
device = {"cmsis": "stm32f746xx", "define": "STM32F746xx", "libopencm3": "stm32f7"}
probe = "stm32f746ng"
openocd = ["board/stm32f7discovery.cfg"]
