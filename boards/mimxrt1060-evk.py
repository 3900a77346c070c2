base = "imxrt1060"
description = "MIMXRT1060-EVK (i.MX RT1062), from its QSPI flash: Cortex-M7 with FPU, 4 MB of 8 MB flash, 768 KB RAM"
# Flash: zephyrproject-rtos/zephyr, boards/nxp/mimxrt1060_evk/mimxrt1060_evk_mimxrt1062_qspi.dts, 06758ff; probe:
# board.cmake
# there, 1fb8f65.
probe = "mimxrt1060"
jlink = "MIMXRT1062xxx6A"
