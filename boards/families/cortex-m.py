# Every Arm Cortex-M.
base = "bare-metal"
toolchain = "arm-none-eabi"
specs = ["--specs=nano.specs"]
startup = ["startup_cortex_m.c", "start.c", "fault_cortex_m.c", "fault.c"]
sources = ["print.c", "semihosting.c", "libc_stubs.c"]
