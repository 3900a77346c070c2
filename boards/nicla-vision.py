base = "arduino-h747"
description = "Arduino Nicla Vision (STM32H747), its Cortex-M7, behind its bootloader: 768 KB flash, 512 KB RAM"
