# Armv7E-M with the single-precision FPU.
base = "cortex-m"
triple = "armv7em-none-unknown-eabihf"
cpu = "cortex-m4"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
tried_on = "mps2-an386"
