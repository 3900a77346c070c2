# Armv8-M Mainline with DSP extension, its FPU missing or not used.
base = "cortex-m33f"
triple = "armv8m.main-none-unknown-eabi"
cpu_features = "-fpregs"
float_abi = "soft"
machine_flags = ["-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=soft"]
