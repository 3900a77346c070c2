# The FPGA image AN547 and the fixed virtual platform of Corstone-300 share one memory map.
base = "mps3-an547"
description = "Arm Corstone-300 (SSE-300): Cortex-M55 with MVE, 512 KB ITCM, 512 KB DTCM"
