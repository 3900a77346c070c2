base = "rv32imafc"
description = "CH32V307V-EVT: RV32IMAFC, 480 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/riscv/wch/ch32v307/ch32v307.dtsi, 10ae757.
# The core (dts/riscv/wch/qingke-v4f.dtsi) is taken for RV32IMAFC; no counter of it is known.
memory = {
    "FLASH": Region(0x08000000, 480 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stack = 8 * KB
counter = "counter_none.c"
clock = 8 * MHZ
console = "console_stm32_usart.c"
# Ports and USARTs are as STM32F1's: USART1 on PA9, the debug probe's serial port, at the clock after a reset
# (openwch/ch32v307 d4771d3, EVT/EXAM/SRC/Peripheral/inc/ch32v30x.h; zephyrproject-rtos/zephyr,
# boards/wch/ch32v307v_evt_r1/ch32v307v_evt_r1_common.dtsi, 78ed82c).
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_DIVIDER": "69u",  # clock / baud
    "STM32_USART_PORT": "0x40010800u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_PORT_ENABLE": "0x4u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_F1": "1",
}
stand_in = "qemu-rv32"
