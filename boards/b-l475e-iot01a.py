base = "stm32l4xx"
description = "B-L475E-IOT01A: Cortex-M4F, 1 MB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l4-75_85.xml.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
# USART1 on PB6 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/disco_l475_iot1/disco_l475_iot1.dts, 044a759).
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x40021060u",
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_PORT": "0x48000400u",
    "STM32_USART_PORT_ENABLE": "0x2u",
    "STM32_USART_PIN": "6u",
}
device = {"cmsis": "stm32l475xx", "define": "STM32L475xx"}
openocd = ["board/stm32l4discovery.cfg"]
