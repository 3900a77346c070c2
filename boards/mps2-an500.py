base = ["cortex-m7d", "mps2"]
description = "Arm MPS2 with AN500: Cortex-M7 with double-precision FPU, 4 MB code, 4 MB RAM"
# 64 ns an instruction: the counter, with a tick every 40 ns, then tells every instruction.
emulator = Qemu("arm", "mps2-an500", icount_shift=6)
