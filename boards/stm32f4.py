description = "STM32F405/407: Cortex-M4F, 1 MB flash, 128 KB SRAM, 64 KB CCM"
toolchain = "arm-none-eabi"
triple = "armv7em-none-unknown-eabihf"
cpu = "cortex-m4"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
specs = ["--specs=nano.specs"]
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
    # Not for code or DMA. QEMU 7.2 does not have it (its one SRAM is 192 KB).
    "CCM": Region(0x10000000, 64 * KB, "rw"),
}
stack = 8 * KB
sources = [
    "startup_cortex_m.c",
    "start.c",
    "print.c",
    "semihosting.c",
    "console_stm32_usart.c",
    "counter_stm32_tim2.c",
]
# USART1 transmits on PA9 at 115200 baud; the reset clock is the internal oscillator's 16 MHz.
defines = {
    "STM32_RCC": "0x40023800u",
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_DIVIDER": "139u",
    "STM32_USART_PORT": "0x40020000u",
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_FUNCTION": "7u",
}
# QEMU's TIM2 counts nanoseconds, so at one nanosecond an instruction it counts instructions.
emulator = Qemu("arm", "netduinoplus2", icount_shift=0)
probe = "stm32f407vg"
