# 32 bits without FPU.
base = "riscv"
triple = "riscv32-pc-linux-elf"
cpu = "generic-rv32"
cpu_features = "+m,+a,+c"
abi = "ilp32"
# The older ISA specification, else GCC 12 picks the 64-bit libraries for names like rv32…_zicsr.
machine_flags = ["-march=rv32imac", "-mabi=ilp32", "-misa-spec=2.2", "-mcmodel=medany"]
tried_on = "qemu-rv32-nofpu"
