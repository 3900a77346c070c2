base = "stm32h7xx"
description = "NUCLEO-H745ZI-Q, its Cortex-M7: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# USART3 on PD8 is the debug probe's serial port (zephyrproject-rtos/zephyr,
# boards/st/nucleo_h745zi_q/nucleo_h745zi_q_stm32h745xx_m7.dts, 173c119).
device = {"cmsis": "stm32h745xx", "define": "STM32H745xx"}
openocd = ["board/st_nucleo_h745zi.cfg"]
