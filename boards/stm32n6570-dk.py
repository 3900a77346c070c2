base = ["cortex-m55", "by-debugger"]
description = "STM32N6570-DK, in RAM by its debugger: Cortex-M55 with FPU and MVE, 511 KB RAM for code, 448 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/arm/st/n6/stm32n657X0.dtsi, 278b25f: AXISRAM2 for the code, AXISRAM3 for the
# data. It has no flash of its own: what a probe loads is lost with power.
memory = {
    "CODE": Region(0x34180400, 511 * KB, "rx"),
    "RAM": Region(0x34200000, 448 * KB),
}
stand_in = "mps3-an547"
