# Armv8-M Mainline with DSP extension and single-precision FPU, floats passed in core registers: RP2350, by its SDK.
base = "cortex-m33f"
triple = "armv8m.main-none-unknown-eabi"
float_abi = "softfp"
machine_flags = ["-mcpu=cortex-m33", "-mthumb", "-mfpu=fpv5-sp-d16", "-mfloat-abi=softfp"]
