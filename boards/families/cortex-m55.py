# Armv8.1-M Mainline with double-precision FPU and MVE, the vector extension "Helium".
base = "cortex-m"
triple = "armv8.1m.main-none-unknown-eabihf"
cpu = "cortex-m55"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m55", "-mthumb", "-mfpu=auto", "-mfloat-abi=hard"]
tried_on = "mps3-an547"
