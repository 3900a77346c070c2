# 32 bits with the single-precision FPU.
base = "rv32imac"
cpu_features = "+m,+a,+f,+c"
abi = "ilp32f"
machine_flags = ["-march=rv32imafc", "-mabi=ilp32f", "-misa-spec=2.2", "-mcmodel=medany"]
tried_on = "qemu-rv32"
