"""int8 products on Arm cores with MVE ("Helium", Cortex-M55, M85): VMLAVA, lanes, strips."""
