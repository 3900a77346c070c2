base = "stm32h7xx"
description = "NUCLEO-H743ZI: Cortex-M7 with double-precision FPU, 2 MB flash, 512 KB RAM"
# USART3 on PD8 is the debug probe's serial port (modm-io/modm d72efc7, board/nucleo_h743zi/board.hpp).
device = {"cmsis": "stm32h743xx", "define": "STM32H743xx"}
openocd = ["board/st_nucleo_h743zi.cfg"]
