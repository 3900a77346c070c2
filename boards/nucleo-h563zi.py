base = ["cortex-m33f", "by-debugger"]
description = "NUCLEO-H563ZI: Cortex-M33 with FPU, 2 MB flash, 640 KB RAM"
# Memory: modm-io/modm-devices cd25d12, devices/stm32/stm32h5-63_73.xml. RAM: sram1, sram2, sram3, without a gap.
memory = {
    "FLASH": Region(0x08000000, 2 * MB, "rx"),
    "RAM": Region(0x20000000, 640 * KB),
}
device = {"cmsis": "stm32h563xx", "define": "STM32H563xx"}
stand_in = "mps2-an505"
