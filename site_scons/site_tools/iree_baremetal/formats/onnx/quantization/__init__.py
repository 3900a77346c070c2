"""From float to int8: an .onnx quantized by ONNX Runtime, with what that costs.

`quantizer` makes the model, of what `preparation` and `calibration` read; `border` gives its caller
integers; `loss` holds it against the float model, and says which layers lose most; `report` tells it.
"""
