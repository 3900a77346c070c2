base = "cortex-m55"
description = "Arm MPS3 with AN547: Cortex-M55 with MVE, 512 KB code, 512 KB RAM"
# The tightly coupled memories. The core starts in the secure state, to which all of this belongs.
memory = {
    "FLASH": Region(0x00000000, 512 * KB, "rx"),
    "RAM": Region(0x20000000, 512 * KB),
    "SRAM": Region(0x01000000, 2 * MB, "rx"),  # of the FPGA, filled with the code: weights_region=SRAM
}
stack = 16 * KB
console = "console_cmsdk_uart.c"
counter = "counter_sse_timer.c"
defines = {
    "CMSDK_UART": "0x59303000u",
    "CMSDK_UART_DIVIDER": "217u",  # 115200 baud at 25 MHz
    "BOARD_CODE": "0x00000000u",
    "BOARD_CODE_LAST": "0x0007ffffu",
}
emulator = Qemu("arm", "mps3-an547", icount_shift=6)
