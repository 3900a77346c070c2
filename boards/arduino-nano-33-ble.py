base = "cortex-m4f"
description = "Arduino Nano 33 BLE (nRF52840), behind its bootloader: Cortex-M4F, 928 KB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, boards/arduino/nano_33_ble/arduino_nano_33_ble-common.dtsi, 0225b4d: its code
# partition. RAM: that of nrf52840-dk.
memory = {
    "FLASH": Region(0x00010000, 928 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
stack = 8 * KB
# Neither its UART nor its clock is described: text comes through the debugger.
console = "console_semihosting.c"
counter = "counter_dwt.c"
device = {"cmsis": "nrf52840", "define": "NRF52840_XXAA"}
stand_in = "mps2-an386"
probe = "nrf52840"
openocd = ["interface/cmsis-dap.cfg", "target/nrf52.cfg"]
