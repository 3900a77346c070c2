base = "stm32f7xx"
description = "NUCLEO-F722ZE: Cortex-M7 with FPU, 512 KB flash, 256 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32f7-22_23_32_33.xml. RAM: dtcm, sram1, sram2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
# USART3 on PD8 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_f722ze/nucleo_f722ze.dts, 06758ff).
device = {"cmsis": "stm32f722xx", "define": "STM32F722xx"}
openocd = ["board/st_nucleo_f7.cfg"]
