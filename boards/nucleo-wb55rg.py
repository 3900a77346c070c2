base = "stm32wbxx"
description = "NUCLEO-WB55RG: Cortex-M4F, 1 MB flash, 192 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32wb-35_55.xml; without SRAM2, which is the second core's.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 192 * KB),
}
# USART1 on PB6 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_wb55rg/nucleo_wb55rg.dts, 0202bd8).
device = {"cmsis": "stm32wb55xx", "define": "STM32WB55xx"}
openocd = ["board/st_nucleo_wb55.cfg"]
