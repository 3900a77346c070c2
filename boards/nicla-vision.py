base = ["stm32h7xx", "by-debugger"]
description = "Arduino Nicla Vision (STM32H747), its Cortex-M7, behind its bootloader: 768 KB flash, 512 KB RAM"
# Where its bootloader ends: zephyrproject-rtos/zephyr,
# boards/arduino/nicla_vision/arduino_nicla_vision_stm32h747xx_m7.dts, 0225b4d; the rest of the first bank of flash,
# as the second is the Cortex-M4's. Probe: board.cmake there, 86c6f9e. It leaves another clock than a reset does.
memory = {
    "FLASH": Region(0x08040000, 768 * KB, "rx"),
    "RAM": Region(0x24000000, 512 * KB),
    "DTCM": Region(0x20000000, 128 * KB),
    "ITCM": Region(0x00000000, 64 * KB),
}
device = {"cmsis": "stm32h747xx", "define": "STM32H747xx"}
jlink = "STM32H747XI_M7"
