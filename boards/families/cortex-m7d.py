# Armv7E-M with the double-precision FPU.
base = "cortex-m7f"
cpu_features = ""
machine_flags = ["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-d16", "-mfloat-abi=hard"]
