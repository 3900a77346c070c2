# Armv7E-M with the single-precision FPU, floats passed in core registers.
base = "cortex-m4f"
triple = "armv7em-none-unknown-eabi"
float_abi = "softfp"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp"]
