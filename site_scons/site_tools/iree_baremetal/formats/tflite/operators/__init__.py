"""The operators, one family a file; formats/tflite/__init__.py tells how to add one."""
