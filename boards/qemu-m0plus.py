base = ["qemu-m0", "cortex-m0plus"]
description = "QEMU's nRF51 with more memory: Cortex-M0, for Cortex-M0+, 16 MB flash, 1 MB RAM"
