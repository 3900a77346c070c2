# RP2040, its core and UART at the clock of a crystal of 12 MHz: addresses and bits of raspberrypi/pico-sdk a1438df,
# src/rp2040/hardware_regs/include/hardware/regs; UART0 on pins 0 and 1, at 115200 baud (src/boards/include/boards/pico.h).
clock = 12 * MHZ
stack = 8 * KB
console = "console_pl011.c"
defines = {
    "PL011": "0x40034000u",
    "PL011_DIVIDER": "417u",
    "RP2_RESETS": "0x4000c000u",
    "RP2_RESET_BITS": "0x00400120u",
    "RP2_XOSC": "0x40024000u",
    "RP2_CLOCKS": "0x40008000u",
    "RP2_IO": "0x40014000u",
    "RP2_PADS": "0x4001c000u",
}
