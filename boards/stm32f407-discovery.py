base = "stm32f4"
description = "STM32F407G-DISC1: Cortex-M4F, 1 MB flash, 128 KB SRAM, 64 KB CCM"
# USART2 transmits on PA2, which the board brings out.
defines = {
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x40023840u",
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_PIN": "2u",
}
openocd = ["board/stm32f4discovery.cfg"]
