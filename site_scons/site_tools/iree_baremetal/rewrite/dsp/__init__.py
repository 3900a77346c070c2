"""int8, 16x8 and int4 products on Arm cores with the DSP extension (Cortex-M4, M7, M33): SMLAD, SMLSD."""
