# Armv7E-M with the single-precision FPU. For LLVM a cortex-m7 has a double-precision one.
base = "cortex-m"
triple = "armv7em-none-unknown-eabihf"
cpu = "cortex-m7"
cpu_features = "-fp64"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]
tried_on = "mps2-an500"
