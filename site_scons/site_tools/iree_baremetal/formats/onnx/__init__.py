"""The format .onnx: how it is read, what is mended before IREE sees it, and what ONNX Runtime answers."""
