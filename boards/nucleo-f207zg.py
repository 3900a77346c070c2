base = "stm32f2xx"
description = "NUCLEO-F207ZG: Cortex-M3, 1 MB flash, 128 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f2-07_15_17.xml. RAM: sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
# USART3 on PD8 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_f207zg/nucleo_f207zg.dts, 03de8aa).
device = {"cmsis": "stm32f207xx", "define": "STM32F207xx"}
openocd = ["interface/stlink.cfg", "target/stm32f2x.cfg"]
