base = ["cortex-m3", "mps2"]
description = "Arm MPS2 with AN385: Cortex-M3, 4 MB code, 4 MB RAM"
# 64 ns an instruction: the counter, with a tick every 40 ns, then tells every instruction.
emulator = Qemu("arm", "mps2-an385", icount_shift=6)
