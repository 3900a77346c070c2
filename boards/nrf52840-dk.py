base = "cortex-m4f"
description = "nRF52840-DK: Cortex-M4F, 1 MB flash, 256 KB RAM"
memory = {
    "FLASH": Region(0x00000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stack = 8 * KB
console = "console_nrf_uart.c"
counter = "counter_dwt.c"
# The UART transmits on P0.06 and receives on P0.08: the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/nordic/nrf52840dk/nrf52840dk_nrf52840-pinctrl.dtsi, 1b320c3).
defines = {"NRF_UART": "0x40002000u", "NRF_UART_PIN": "6u", "NRF_UART_RX_PIN": "8u"}
device = {"cmsis": "nrf52840", "define": "NRF52840_XXAA"}
stand_in = "mps2-an386"
probe = "nrf52840"
openocd = ["board/nordic_nrf52_dk.cfg"]
