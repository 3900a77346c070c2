base = "rv32imac"
description = "SiFive HiFive1 (FE310): RV32IMAC, 4 MB flash, 16 KB RAM"
# Memory: zephyrproject-rtos/zephyr, boards/sifive/hifive1/hifive1.dts, 0fdf109, and
# dts/riscv/sifive/riscv32-fe310.dtsi, 0225b4d; of its flash the first 4 MB.
memory = {
    "FLASH": Region(0x20400000, 4 * MB, "rx"),
    "RAM": Region(0x80000000, 16 * KB),
}
counter = "counter_riscv_cycles.c"
stack = 4 * KB
# UART0 on pins 16 and 17 is the debug probe's serial port, at 115200 baud of the crystal's 16 MHz (RIOT-OS/RIOT,
# cpu/fe310/include/vendor/platform.h, 7d1d5e7, and the same riscv32-fe310.dtsi).
clock = 16 * MHZ
console = "console_sifive_uart.c"
defines = {
    "SIFIVE_UART": "0x10013000u",
    "SIFIVE_UART_DIVIDER": "138u",
    "FE310_PRCI": "0x10008000u",
    "FE310_GPIO": "0x10012000u",
    "FE310_UART_PINS": "0x30000u",
}
stand_in = "qemu-rv32-nofpu"
openocd = ["board/sifive-hifive1.cfg"]
