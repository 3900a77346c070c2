"""int8 products on RV32IM cores without vectors: two pixels in one multiplication."""
