base = "cortex-m0"
description = "BBC micro:bit (nRF51822): Cortex-M0, 256 KB flash, 16 KB RAM"
memory = {
    "FLASH": Region(0x00000000, 256 * KB, "rx"),
    "RAM": Region(0x20000000, 16 * KB),
}
stack = 4 * KB
console = "console_nrf_uart.c"
counter = "counter_nrf_timer0.c"
# The UART transmits on P0.24 and receives on P0.25: the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/bbc/microbit/bbc_microbit-pinctrl.dtsi, 50fb456).
defines = {"NRF_UART": "0x40002000u", "NRF_UART_PIN": "24u", "NRF_UART_RX_PIN": "25u"}
device = {"cmsis": "nrf51", "define": "NRF51822_XXAA"}
# 128 ns an instruction: the counter, with a tick every 125 ns, then tells every instruction.
emulator = Qemu("arm", "microbit", icount_shift=7)
probe = "nrf51822"
openocd = ["interface/cmsis-dap.cfg", "target/nrf51.cfg"]
