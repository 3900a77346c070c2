# Every RISC-V core that starts in machine mode.
base = "bare-metal"
toolchain = "riscv64-unknown-elf"
specs = ["--specs=picolibc.specs"]
startup = ["startup_riscv.c", "start.c", "fault.c"]
sources = ["print.c", "semihosting.c", "libc_stubs.c"]
