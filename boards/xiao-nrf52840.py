base = "cortex-m4f"
description = "Seeed XIAO nRF52840, behind UF2 and SoftDevice: Cortex-M4F, 788 KB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/vendor/nordic/nrf52840_partition_uf2_sdv7.dtsi, 0bc58aa, which
# boards/seeed/xiao_ble/xiao_ble_common.dtsi, 0202bd8, includes. RAM: that of nrf52840-dk.
memory = {
    "FLASH": Region(0x00027000, 788 * KB, "rx"),
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
