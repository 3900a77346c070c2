base = "nrf52840-dk"
description = "nRF52-DK (nRF52832): Cortex-M4F, 512 KB flash, 64 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/nordic/nrf52832_qfaa.dtsi, 236a2d6.
memory = {
    "FLASH": Region(0x00000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 64 * KB),
}
# The UART transmits on P0.06 and receives on P0.08, the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/nordic/nrf52dk/nrf52dk_nrf52832-pinctrl.dtsi, 1b320c3).
device = {"cmsis": "nrf52", "define": "NRF52832_XXAA"}
probe = "nrf52"
