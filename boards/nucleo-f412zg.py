base = "stm32f4xx"
description = "NUCLEO-F412ZG: Cortex-M4F, 1 MB flash, 256 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f4-12.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
# USART3 on PD8 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_f412zg/nucleo_f412zg.dts, 350d6ed).
defines = {
    "STM32_USART": "0x40004800u",
    "STM32_USART_ENABLE": "0x40000u",
    "STM32_USART_PORT": "0x40020c00u",
    "STM32_USART_PORT_ENABLE": "0x8u",
    "STM32_USART_PIN": "8u",
}
emulator = None
counter = "counter_dwt.c"
device = {"cmsis": "stm32f412zx", "define": "STM32F412Zx"}
stand_in = "mps2-an386"
openocd = ["board/st_nucleo_f4.cfg"]
