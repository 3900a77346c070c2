base = "imxrt1060"
description = "Teensy 4.1 (i.MX RT1062): Cortex-M7 with FPU, 4 MB of 8 MB flash, 768 KB RAM"
# Flash: zephyrproject-rtos/zephyr, boards/pjrc/teensy4/teensy41.dts, 2c3af6e. Its own loader writes it, through USB,
# from the
# .hex file; no debug probe reaches it.
