# Arm's MPS2 with Cortex-M3, M4 or M7 (application notes AN385, AN386, AN500); all runs at 25 MHz.
memory = {
    "FLASH": Region(0x00000000, 4 * MB, "rx"),
    "RAM": Region(0x20000000, 4 * MB),
}
stack = 16 * KB
clock = 25 * MHZ
console = "console_cmsdk_uart.c"
counter = "counter_cmsdk_timer.c"
defines = {
    "CMSDK_UART": "0x40004000u",
    "CMSDK_UART_DIVIDER": "217u",  # 115200 baud
    "CMSDK_TIMER": "0x40000000u",
    "CMSDK_TIMER_QUARTER_NS": "160u",
    # The code's region is RAM, and QEMU takes any access to the 16 MB below the other one: the
    # memory protection makes the first read-only and the second a fault, for stacks that overflow.
    "BOARD_CODE": "0x00000000u",
    "BOARD_MPU_CODE": "0x0602002bu",  # 4 MB, read and execute, normal memory
    "BOARD_GUARD": "0x1f000000u",
    "BOARD_MPU_GUARD": "0x1000002fu",  # 16 MB, no access
}
