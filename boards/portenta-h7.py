base = "arduino-h747"
description = "Arduino Portenta H7 (STM32H747), its Cortex-M7, behind its bootloader: 768 KB flash, 512 KB RAM"
