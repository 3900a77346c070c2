base = "stm32f4xx"
description = "STM32F405/407: Cortex-M4F, 1 MB flash, 128 KB SRAM, 64 KB CCM"
memory = {
    "FLASH": Region(0x08000000, 1 * MB, "rx"),
    "RAM": Region(0x20000000, 128 * KB),
    # Not for code or DMA. QEMU 7.2 does not have it (its one SRAM is 192 KB).
    "CCM": Region(0x10000000, 64 * KB, "rw"),
}
# Lines of 128 bits, behind a prefetch, 64 lines of cache for instructions and 8 for data: RM0090, 3.5 and table 10.
flash_timing = FlashTiming(16, [30 * MHZ, 60 * MHZ, 90 * MHZ, 120 * MHZ, 150 * MHZ, 168 * MHZ])
# USART1 transmits on PA9.
defines = {
    "STM32_USART": "0x40011000u",
    "STM32_USART_ENABLE_REGISTER": "0x40023844u",
    "STM32_USART_ENABLE": "0x10u",
    "STM32_USART_PIN": "9u",
}
device = {"cmsis": "stm32f407xx", "define": "STM32F407xx", "libopencm3": "stm32f4"}
probe = "stm32f407vg"
openocd = ["interface/stlink.cfg", "target/stm32f4x.cfg"]
# What the F411 lacks (RM0090, table 62).
interrupts = {
    "CAN1_TX_IRQHandler": 19, "CAN1_RX0_IRQHandler": 20, "CAN1_RX1_IRQHandler": 21, "CAN1_SCE_IRQHandler": 22,
    "CAN2_TX_IRQHandler": 63, "CAN2_RX0_IRQHandler": 64, "CAN2_RX1_IRQHandler": 65, "CAN2_SCE_IRQHandler": 66,
    "USART3_IRQHandler": 39, "UART4_IRQHandler": 52, "UART5_IRQHandler": 53, "FSMC_IRQHandler": 48,
    "TIM8_BRK_TIM12_IRQHandler": 43, "TIM8_UP_TIM13_IRQHandler": 44, "TIM8_TRG_COM_TIM14_IRQHandler": 45,
    "TIM8_CC_IRQHandler": 46, "TIM6_DAC_IRQHandler": 54, "TIM7_IRQHandler": 55, "ETH_IRQHandler": 61, "ETH_WKUP_IRQHandler": 62,
    "OTG_HS_EP1_OUT_IRQHandler": 74, "OTG_HS_EP1_IN_IRQHandler": 75, "OTG_HS_WKUP_IRQHandler": 76, "OTG_HS_IRQHandler": 77,
    "DCMI_IRQHandler": 78, "HASH_RNG_IRQHandler": 80,
}  # fmt: skip
