# Armv7E-M without FPU. For LLVM a cortex-m4 has one, whatever the ABI: it must be taken away.
base = "cortex-m"
triple = "armv7em-none-unknown-eabi"
cpu = "cortex-m4"
cpu_features = "-fpregs"
float_abi = "soft"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft"]
tried_on = "mps2-an386-nofpu"
