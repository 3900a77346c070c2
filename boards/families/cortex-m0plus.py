# Armv6-M, as Cortex-M0, with a shorter pipeline.
base = "cortex-m0"
cpu = "cortex-m0plus"
machine_flags = ["-mcpu=cortex-m0plus", "-mthumb", "-mfloat-abi=soft"]
