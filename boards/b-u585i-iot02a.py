base = "stm32u5xx"
description = "B-U585I-IOT02A: Cortex-M33 with FPU, 2 MB flash, 768 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32u5-75_85.xml. RAM: sram1, sram2, sram3, without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 768 * KB),
}
# USART1 on PA9 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/b_u585i_iot02a/b_u585i_iot02a-common.dtsi, 044a759).
device = {"cmsis": "stm32u585xx", "define": "STM32U585xx"}
openocd = ["interface/stlink.cfg", "target/stm32u5x.cfg"]
