# Armv8-M Mainline with DSP extension and single-precision FPU.
base = "cortex-m"
triple = "armv8m.main-none-unknown-eabihf"
cpu = "cortex-m33"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m33", "-mthumb", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]
tried_on = "mps2-an505"
