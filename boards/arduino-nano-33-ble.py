base = "nrf52840-dk"
description = "Arduino Nano 33 BLE (nRF52840), behind its bootloader: Cortex-M4F, 928 KB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, boards/arduino/nano_33_ble/arduino_nano_33_ble-common.dtsi, 0225b4d: its code
# partition. RAM: that of nrf52840-dk.
memory = {
    "FLASH": Region(0x00010000, 928 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
# The UART of pins 1 and 0 transmits on P1.03 and receives on P1.10 (zephyrproject-rtos/zephyr,
# boards/arduino/nano_33_ble/arduino_nano_33_ble-pinctrl.dtsi, 88ba54c).
defines = {"NRF_UART_PIN": "35u", "NRF_UART_RX_PIN": "42u"}
openocd = ["interface/cmsis-dap.cfg", "target/nrf52.cfg"]
