base = "stm32f3xx"
description = "STM32F3DISCOVERY: Cortex-M4F, 256 KB flash, 40 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f3-03-b_c_d_e.xml.
memory = {
    "FLASH": Region(0x08000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 40 * KB),
    "CCM": Region(0x10000000, 8 * KB),
}
# USART1 on PC4 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/stm32f3_disco/stm32f3_disco.dts, 19a6a69).
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_PORT": "0x48000800u",
    "STM32_USART_PORT_ENABLE": "0x80000u",
    "STM32_USART_PIN": "4u",
}
device = {"cmsis": "stm32f303xc", "define": "STM32F303xC"}
openocd = ["board/stm32f3discovery.cfg"]
