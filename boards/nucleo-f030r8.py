base = "stm32f0xx"
description = "NUCLEO-F030R8: Cortex-M0, 64 KB flash, 8 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f0-30.xml.
memory = {
    "FLASH": Region(0x08000000, 64 * KB, "rx"),
    "RAM": Region(0x20000000, 8 * KB),
}
stack = 2 * KB
# USART2 on PA2 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_f030r8/nucleo_f030r8.dts, 0202bd8).
device = {"cmsis": "stm32f030x8", "define": "STM32F030x8"}
openocd = ["board/st_nucleo_f0.cfg"]
