# Armv6-M: no divider, no FPU; every floating-point operation is a call of the compiler's library.
base = "cortex-m"
triple = "armv6m-none-unknown-eabi"
cpu = "cortex-m0"
float_abi = "soft"
machine_flags = ["-mcpu=cortex-m0", "-mthumb", "-mfloat-abi=soft"]
tried_on = "microbit"
