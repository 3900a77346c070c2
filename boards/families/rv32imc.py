# 32 bits without FPU and atomics.
base = "rv32imac"
cpu_features = "+m,+c"
machine_flags = ["-march=rv32imc", "-mabi=ilp32", "-misa-spec=2.2", "-mcmodel=medany"]
