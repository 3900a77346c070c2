base = ["rv32imafc", "stm32f1-usart1"]
description = "CH32V307V-EVT: RV32IMAFC, 480 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/riscv/wch/ch32v307/ch32v307.dtsi, 10ae757.
# The core (dts/riscv/wch/qingke-v4f.dtsi) is taken for RV32IMAFC; no counter of it is known.
memory = {
    "FLASH": Region(0x08000000, 480 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stack = 8 * KB
counter = "counter_none.c"
# USART1, as STM32F1's, is the debug probe's serial port
# (openwch/ch32v307 d4771d3, EVT/EXAM/SRC/Peripheral/inc/ch32v30x.h; zephyrproject-rtos/zephyr,
# boards/wch/ch32v307v_evt_r1/ch32v307v_evt_r1_common.dtsi, 78ed82c).
stand_in = "qemu-rv32"
