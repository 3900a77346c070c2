base = "stm32l0xx"
description = "NUCLEO-L073RZ: Cortex-M0+, 192 KB flash, 20 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32l0-71_72_73_81_82_83.xml.
memory = {
    "FLASH": Region(0x08000000, 192 * KB, "rx"),
    "RAM": Region(0x20000000, 20 * KB),
}
# USART2 on PA2 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_l073rz/nucleo_l073rz.dts, 0071cd3).
device = {"cmsis": "stm32l073xx", "define": "STM32L073xx"}
openocd = ["board/st_nucleo_l073rz.cfg"]
