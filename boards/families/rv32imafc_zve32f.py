# 32 bits with FPU and vectors of 128 bits, of which the kernels make use. GCC need not know them.
base = "rv32imafc"
cpu_features = "+m,+a,+f,+c,+zve32f,+zvl128b"
defines = {"BOARD_VECTORS": "1"}
tried_on = "qemu-rv32-vector"
