base = "stm32g0xx"
description = "NUCLEO-G0B1RE: Cortex-M0+, 512 KB flash, 144 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32g0-b1_c1.xml.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 144 * KB),
}
# USART2 on PA2 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_g0b1re/nucleo_g0b1re.dts, 0a04bc0).
device = {"cmsis": "stm32g0b1xx", "define": "STM32G0B1xx"}
openocd = ["board/st_nucleo_g0.cfg"]
