# STM32F405 to F446 at their reset clock, the internal oscillator's 16 MHz (RM0090, RM0383, RM0390).
base = "cortex-m4f"
stack = 8 * KB
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
