base = "cortex-m33f"
description = "nRF5340-DK, application core: Cortex-M33 with FPU, 1 MB flash, 512 KB RAM"
memory = {
    "FLASH": Region(0x00000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 512 * KB),
}
stack = 8 * KB
console = "console_nrf_uarte.c"
counter = "counter_dwt.c"
# The core starts in the secure state: UARTE0 at its secure address, on P0.20.
defines = {"NRF_UARTE": "0x50008000u", "NRF_UARTE_PIN": "20u"}
device = {"cmsis": "nrf5340_application", "define": "NRF5340_XXAA_APPLICATION"}
stand_in = "mps2-an505"
probe = "nrf5340_xxaa_app"
