base = "nrf52840-dk"
description = "BBC micro:bit v2 (nRF52833): Cortex-M4F, 512 KB flash, 128 KB RAM"
memory = {
    "FLASH": Region(0x00000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
}
# It receives on P1.08 (zephyrproject-rtos/zephyr, boards/bbc/microbit_v2/bbc_microbit_v2-pinctrl.dtsi, b2d53f6).
defines = {"NRF_UART_PIN": "6u", "NRF_UART_RX_PIN": "40u"}
device = {"cmsis": "nrf52833", "define": "NRF52833_XXAA"}
probe = "nrf52833"
openocd = ["interface/cmsis-dap.cfg", "target/nrf52.cfg"]
