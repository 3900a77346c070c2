base = "nrf52840-dk"
description = "Seeed XIAO nRF52840, behind UF2 and SoftDevice: Cortex-M4F, 788 KB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/vendor/nordic/nrf52840_partition_uf2_sdv7.dtsi, 0bc58aa, which
# boards/seeed/xiao_ble/xiao_ble_common.dtsi, 0202bd8, includes. RAM: that of nrf52840-dk.
memory = {
    "FLASH": Region(0x00027000, 788 * KB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
# The UART of pins D6 and D7 transmits on P1.11 and receives on P1.12 (zephyrproject-rtos/zephyr,
# boards/seeed/xiao_ble/xiao_ble-pinctrl.dtsi, 1eca5fa).
defines = {"NRF_UART_PIN": "43u", "NRF_UART_RX_PIN": "44u"}
openocd = ["interface/cmsis-dap.cfg", "target/nrf52.cfg"]
