base = ["cortex-m4f", "mps2"]
description = "Arm MPS2 with AN386: Cortex-M4F, 4 MB code, 4 MB RAM"
# 64 ns an instruction: the counter, with a tick every 40 ns, then tells every instruction.
emulator = Qemu("arm", "mps2-an386", icount_shift=6)
