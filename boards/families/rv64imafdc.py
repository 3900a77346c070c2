# 64 bits with the double-precision FPU.
base = "riscv"
triple = "riscv64-pc-linux-elf"
cpu = "generic-rv64"
cpu_features = "+m,+a,+f,+d,+c"
abi = "lp64d"
machine_flags = ["-march=rv64imafdc", "-mabi=lp64d", "-misa-spec=2.2", "-mcmodel=medany"]
tried_on = "qemu-rv64"
