base = ["rv32imac", "stm32f1-usart1"]
description = "Longan Nano (GD32VF103): RV32IMAC, 128 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/riscv/gd/gd32vf103Xb.dtsi, 3de45ee.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stack = 8 * KB
counter = "counter_riscv_cycles.c"
# USART0 is as STM32F1's USART1 (riscv-mcu/GD32VF103_Firmware_Library bc2be11,
# gd32vf103_usart.h, _gpio.h, _rcu.h; zephyrproject-rtos/zephyr, boards/sipeed/longan_nano/longan_nano-common.dtsi, 307f6f1).
stand_in = "qemu-rv32-nofpu"
openocd = ["interface/cmsis-dap.cfg", "target/gd32vf103.cfg"]
