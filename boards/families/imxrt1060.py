# i.MX RT1060 with 8 MB of flash at FlexSPI, of which the first 4 are described.
base = ["cortex-m7f", "by-debugger"]
# Memory: zephyrproject-rtos/zephyr, dts/arm/nxp/imxrt/imxrt10xx/nxp_rt1060.dtsi, 58ac1d5, and nxp_rt10xx.dtsi, 28cc3ce.
# RAM: OCRAM2 and OCRAM, without a gap. Its FPU may have double precision; single is what is used. The boot ROM looks for
# how to read the flash, and where the vectors are, in the first 8 KB.
memory = {
    "FLASH": Region(0x60002000, 4 * MB - 8 * KB, "rx"),
    "RAM": Region(0x20200000, 768 * KB),
    "DTCM": Region(0x20000000, 128 * KB),
    "ITCM": Region(0x00000000, 128 * KB),
    "HEADER": Region(0x60000000, 8 * KB, "rx"),
}
sources = ["boot_header_imxrt.c"]
link_flags = ["-Wl,--undefined=boot_header"]
defines = {"IMXRT_FLASH": "0x60000000u", "IMXRT_FLASH_SIZE": "0x800000u", "IMXRT_VECTORS": "0x60002000u"}
stand_in = "mps2-an500"
