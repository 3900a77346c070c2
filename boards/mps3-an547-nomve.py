base = "mps3-an547"
description = "Arm MPS3 with AN547, its MVE not used: Cortex-M55, 512 KB code, 512 KB RAM"
cpu_features = "-mve"
machine_flags = ["-mcpu=cortex-m55+nomve", "-mthumb", "-mfpu=auto", "-mfloat-abi=hard"]
