base = ["rv32imafc", "by-debugger-riscv"]
description = "Ai-Thinker WB2-12F (BL602): RV32IMAFC, 4 MB flash, 176 KB RAM"
# Memory and core: zephyrproject-rtos/zephyr, boards/aithinker/ai_wb2_12f/ai_wb2_12f.dts, 0a5f2d2, and
# dts/riscv/bflb/bl60x.dtsi, 0225b4d. RAM: sram0 and sram1, without a gap. Its boot ROM looks for a header in the 8 KB
# of flash
# before these, which the vendor's bflb-mcu-tool writes.
memory = {
    "FLASH": Region(0x23000000, 4 * MB - 8 * KB, "rx"),
    "RAM": Region(0x42020000, 176 * KB),
    "DTCM": Region(0x42014000, 48 * KB),
}
stand_in = "qemu-rv32"
