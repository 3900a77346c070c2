# RP2350, its core and UART at the clock of a crystal of 12 MHz: addresses and bits of raspberrypi/pico-sdk a1438df,
# src/rp2350/hardware_regs/include/hardware/regs; UART0 on pins 0 and 1, at 115200 baud (src/boards/include/boards/pico.h).
clock = 12 * MHZ
stack = 8 * KB
console = "console_pl011.c"
defines = {
    "PL011": "0x40070000u",
    "PL011_DIVIDER": "417u",
    "RP2_RESETS": "0x40020000u",
    "RP2_RESET_BITS": "0x04000240u",
    "RP2_XOSC": "0x40048000u",
    "RP2_CLOCKS": "0x40010000u",
    "RP2_IO": "0x40028000u",
    "RP2_PADS": "0x40038000u",
}
