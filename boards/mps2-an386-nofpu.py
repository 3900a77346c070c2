base = ["mps2-an386", "cortex-m4"]
description = "Arm MPS2 with AN386, its FPU not used: Cortex-M4, 4 MB code, 4 MB RAM"
