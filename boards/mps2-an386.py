description = "Arm MPS2 with AN386: Cortex-M4F, 4 MB code, 4 MB RAM"
toolchain = "arm-none-eabi"
triple = "armv7em-none-unknown-eabihf"
cpu = "cortex-m4"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
specs = ["--specs=nano.specs"]
memory = {
    "FLASH": Region(0x00000000, 4 * MB, "rx"),
    "RAM": Region(0x20000000, 4 * MB),
}
stack = 16 * KB
sources = [
    "startup_cortex_m.c",
    "start.c",
    "print.c",
    "semihosting.c",
    "console_cmsdk_uart.c",
    "counter_cmsdk_timer.c",
]
# Everything runs at 25 MHz, the UART at 115200 baud.
defines = {
    "CMSDK_UART": "0x40004000u",
    "CMSDK_UART_DIVIDER": "217u",
    "CMSDK_TIMER": "0x40000000u",
    "CMSDK_TIMER_NS": "40u",
    # The code's region is RAM, and QEMU takes any access to the 16 MB below the other one: the
    # memory protection makes the first read-only and the second a fault, for stacks that overflow.
    "BOARD_CODE": "0x00000000u",
    "BOARD_MPU_CODE": "0x0602002bu",  # 4 MB, read and execute, normal memory
    "BOARD_GUARD": "0x1f000000u",
    "BOARD_MPU_GUARD": "0x1000002fu",  # 16 MB, no access
}
# 64 ns an instruction: the counter, with a tick every 40 ns, then tells every instruction.
emulator = Qemu("arm", "mps2-an386", icount_shift=6)
