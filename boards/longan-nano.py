base = "rv32imac"
description = "Longan Nano (GD32VF103): RV32IMAC, 128 KB flash, 32 KB RAM"
# Memory: zephyrproject-rtos/zephyr, dts/riscv/gd/gd32vf103Xb.dtsi, 3de45ee.
memory = {
    "FLASH": Region(0x08000000, 128 * KB, "rx"),
    "RAM": Region(0x20000000, 32 * KB),
}
stack = 8 * KB
counter = "counter_riscv_cycles.c"
clock = 8 * MHZ
console = "console_stm32_usart.c"
# Ports and USARTs are as STM32F1's: USART0 on PA9, at the clock after a reset (riscv-mcu/GD32VF103_Firmware_Library bc2be11,
# gd32vf103_usart.h, _gpio.h, _rcu.h; zephyrproject-rtos/zephyr, boards/sipeed/longan_nano/longan_nano-common.dtsi, 307f6f1).
defines = {
    "STM32_USART": "0x40013800u",
    "STM32_USART_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_ENABLE": "0x4000u",
    "STM32_USART_DIVIDER": "69u",  # clock / baud
    "STM32_USART_PORT": "0x40010800u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40021018u",
    "STM32_USART_PORT_ENABLE": "0x4u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_F1": "1",
}
stand_in = "qemu-rv32-nofpu"
openocd = ["interface/cmsis-dap.cfg", "target/gd32vf103.cfg"]
