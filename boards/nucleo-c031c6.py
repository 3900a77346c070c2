base = "stm32c0xx"
description = "NUCLEO-C031C6: Cortex-M0+, 32 KB flash, 12 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32c0-11_31.xml.
memory = {
    "FLASH": Region(0x08000000, 32 * KB, "rx"),
    "RAM": Region(0x20000000, 12 * KB),
}
stack = 4 * KB
# USART2 on PA2 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_c031c6/nucleo_c031c6.dts, 026ee2a).
device = {"cmsis": "stm32c031xx", "define": "STM32C031xx"}
