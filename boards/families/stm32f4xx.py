# STM32F405 to F446 at their reset clock, the internal oscillator's 16 MHz (RM0090, RM0383, RM0390).
base = "cortex-m4f"
stack = 8 * KB
clock = 16 * MHZ
console = "console_stm32_usart.c"
counter = "counter_stm32_tim2.c"
# USART2 transmits on PA2 at 115200 baud: the debug probe's serial port on NUCLEO boards.
defines = {
    "STM32_RCC": "0x40023800u",
    "STM32_USART": "0x40004400u",
    "STM32_USART_ENABLE_REGISTER": "0x40023840u",
    "STM32_USART_ENABLE": "0x20000u",
    "STM32_USART_DIVIDER": "139u",
    "STM32_USART_PORT": "0x40020000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40023830u",
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "2u",
    "STM32_USART_FUNCTION": "7u",
}
# The F405's flash and RAM begin where those of the others do. QEMU's TIM2 counts nanoseconds, so
# at one nanosecond an instruction it counts instructions. Its second serial port is USART2.
emulator = Qemu("arm", "netduinoplus2", icount_shift=0, options=("-serial", "chardev:console"))
# What all of them have, by CMSIS's names.
interrupts = {
    "WWDG_IRQHandler": 0, "PVD_IRQHandler": 1, "TAMP_STAMP_IRQHandler": 2, "RTC_WKUP_IRQHandler": 3,
    "FLASH_IRQHandler": 4, "RCC_IRQHandler": 5, "EXTI0_IRQHandler": 6, "EXTI1_IRQHandler": 7,
    "EXTI2_IRQHandler": 8, "EXTI3_IRQHandler": 9, "EXTI4_IRQHandler": 10, "EXTI9_5_IRQHandler": 23,
    "EXTI15_10_IRQHandler": 40, "RTC_Alarm_IRQHandler": 41, "ADC_IRQHandler": 18, "SDIO_IRQHandler": 49,
    **{f"DMA1_Stream{i}_IRQHandler": 11 + i for i in range(7)}, "DMA1_Stream7_IRQHandler": 47,
    **{f"DMA2_Stream{i}_IRQHandler": 56 + i for i in range(5)},
    **{f"DMA2_Stream{i}_IRQHandler": 63 + i for i in range(5, 8)},
    "TIM1_BRK_TIM9_IRQHandler": 24, "TIM1_UP_TIM10_IRQHandler": 25, "TIM1_TRG_COM_TIM11_IRQHandler": 26,
    "TIM1_CC_IRQHandler": 27, "TIM2_IRQHandler": 28, "TIM3_IRQHandler": 29, "TIM4_IRQHandler": 30, "TIM5_IRQHandler": 50,
    "I2C1_EV_IRQHandler": 31, "I2C1_ER_IRQHandler": 32, "I2C2_EV_IRQHandler": 33, "I2C2_ER_IRQHandler": 34,
    "I2C3_EV_IRQHandler": 72, "I2C3_ER_IRQHandler": 73, "SPI1_IRQHandler": 35, "SPI2_IRQHandler": 36, "SPI3_IRQHandler": 51,
    "USART1_IRQHandler": 37, "USART2_IRQHandler": 38, "USART6_IRQHandler": 71,
    "OTG_FS_WKUP_IRQHandler": 42, "OTG_FS_IRQHandler": 67, "FPU_IRQHandler": 81,
}  # fmt: skip
