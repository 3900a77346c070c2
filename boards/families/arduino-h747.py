# STM32H747, its Cortex-M7, as Arduino's bootloader leaves it: the bootloader before the program, and another clock than a reset's.
base = ["stm32h7xx", "by-debugger"]
# The rest of the first bank of flash, as the second is the Cortex-M4's: zephyrproject-rtos/zephyr 0225b4d,
# boards/arduino/portenta_h7/arduino_portenta_h7_stm32h747xx_m7.dts, boards/arduino/nicla_vision/arduino_nicla_vision_stm32h747xx_m7.dts.
memory = {
    "FLASH": Region(0x08040000, 768 * KB, "rx"),
    "RAM": Region(0x24000000, 512 * KB),
    "DTCM": Region(0x20000000, 128 * KB),
    "ITCM": Region(0x00000000, 64 * KB),
}
device = {"cmsis": "stm32h747xx", "define": "STM32H747xx"}
jlink = "STM32H747XI_M7"  # the boards' board.cmake, 031e46f and 86c6f9e
