# Armv7E-M with the single-precision FPU of Cortex-M7, floats passed in core registers.
base = "cortex-m7f"
triple = "armv7em-none-unknown-eabi"
float_abi = "softfp"
machine_flags = ["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-sp-d16", "-mfloat-abi=softfp"]
