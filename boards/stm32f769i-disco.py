base = ["stm32f7xx", "cortex-m7d"]
description = "STM32F769I-DISCO: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f7-65_67_68_69_77_78_79.xml. RAM: dtcm, sram1, sram2,
# without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 512 * KB),
}
# USART1 on PA9 is the debug probe's serial port (modm-io/modm d72efc7, board/disco_f769ni/board.hpp).
defines = {
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE_REGISTER": "0x40023844u",
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_PORT": "0x40020000u",
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "9u",
}
device = {"cmsis": "stm32f769xx", "define": "STM32F769xx"}
openocd = ["board/stm32f769i-disco.cfg"]
