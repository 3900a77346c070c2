base = ["cortex-m33f", "mps2"]
description = "Arm MPS2 with AN505: Cortex-M33 with FPU, 4 MB code, 4 MB RAM"
# The core starts in the secure state; these are the secure addresses. All runs at 20 MHz.
memory = {
    "FLASH": Region(0x10000000, 4 * MB, "rx"),
    "RAM": Region(0x38000000, 4 * MB),
}
clock = 20 * MHZ
defines = {
    "CMSDK_UART": "0x50200000u",
    "CMSDK_UART_DIVIDER": "174u",  # 115200 baud
    "CMSDK_TIMER": "0x50000000u",
    "CMSDK_TIMER_QUARTER_NS": "200u",
    "BOARD_CODE": "0x10000000u",
    "BOARD_CODE_LAST": "0x103fffffu",
}
# 64 ns an instruction: the counter, with a tick every 50 ns, then tells every instruction.
emulator = Qemu("arm", "mps2-an505", icount_shift=6)
