base = "stm32f4xx"
description = "NUCLEO-F429ZI: Cortex-M4F, 2 MB flash, 192 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-27_29_37_39.xml. RAM: sram1, sram2, sram3, without a
# gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 192 * KB),
    "CCM": Region(0x10000000, 64 * KB),
}
# USART3 on PD8 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_f429zi/board.hpp).
defines = {
    "STM32_USART": "0x40004800u",
    "STM32_USART_ENABLE": "0x40000u",
    "STM32_USART_PORT": "0x40020c00u",
    "STM32_USART_PORT_ENABLE": "0x8u",
    "STM32_USART_PIN": "8u",
}
emulator = None
counter = "counter_dwt.c"
device = {"cmsis": "stm32f429xx", "define": "STM32F429xx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f4.cfg"]
