base = "nrf5340-dk"
description = "nRF9160-DK: Cortex-M33 with FPU, 1 MB flash, 256 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/nordic/nrf9160_sica.dtsi, 1cde741. UARTE0, where nRF5340 has it too, transmits on
# P0.29, the debug probe's serial port: nrf9160_common.dtsi, 00b3d33, and
# boards/nordic/nrf9160dk/nrf9160dk_nrf9160_common-pinctrl.dtsi, 69fbc7a.
memory = {
    "FLASH": Region(0x00000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 256 * KB),
}
defines = {"NRF_UARTE_PIN": "29u"}
device = {"cmsis": "nrf9160", "define": "NRF9160_XXAA"}
probe = ""
