base = "stm32h7xx"
description = "STM32H747I-DISCO, its Cortex-M7: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# USART1 on PA9 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/stm32h747i_disco/stm32h747i_disco.dtsi, 1fe6ec5).
defines = {
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE_REGISTER": "0x580244f0u",
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_PORT": "0x58020000u",
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "9u",
}
device = {"cmsis": "stm32h747xx", "define": "STM32H747xx"}
openocd = ["board/stm32h747i-disco.cfg"]
