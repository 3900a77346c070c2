base = "cortex-m7f"
description = "32F746GDISCOVERY: Cortex-M7 with FPU, 1 MB flash, 320 KB SRAM, 16 KB ITCM"
# RM0385. The RAM: 64 KB DTCM, 240 KB SRAM1 and 16 KB SRAM2, without a gap.
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 320 * KB),
    "ITCM": Region(0x00000000, 16 * KB),
}
stack = 8 * KB
clock = 16 * MHZ  # the internal oscillator
# Lines of 256 bits, behind the core's caches: RM0385, 3.3 and table 7.
flash_timing = FlashTiming(32, [30 * MHZ, 60 * MHZ, 90 * MHZ, 120 * MHZ, 150 * MHZ, 180 * MHZ, 210 * MHZ, 216 * MHZ])
console = "console_stm32_usart_isr.c"
counter = "counter_dwt.c"
# USART1 transmits on PA9, the debug probe's serial port, at 115200 baud and 16 MHz.
defines = {
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE_REGISTER": "0x40023844u",
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_DIVIDER": "139u",
    "STM32_USART_PORT": "0x40020000u",
    "STM32_USART_PORT_ENABLE_REGISTER": "0x40023830u",
    "STM32_USART_PORT_ENABLE": "0x1u",
    "STM32_USART_PIN": "9u",
    "STM32_USART_FUNCTION": "7u",
}
device = {"cmsis": "stm32f746xx", "define": "STM32F746xx", "libopencm3": "stm32f7"}
stand_in = "mps2-an500"
probe = "stm32f746ng"
openocd = ["board/stm32f7discovery.cfg"]
