"""Products of floats on Arm cores with an FPU."""
