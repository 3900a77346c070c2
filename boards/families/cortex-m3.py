# Armv7-M without FPU.
base = "cortex-m"
triple = "armv7m-none-unknown-eabi"
cpu = "cortex-m3"
float_abi = "soft"
machine_flags = ["-mcpu=cortex-m3", "-mthumb", "-mfloat-abi=soft"]
tried_on = "mps2-an385"
