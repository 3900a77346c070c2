"""Integers of four bits, which IREE's importer does not read: constants of int8 that have the same values.

Kernels that can store such weights in four bits (`rewrite.dsp.smlad_int4`) see it by the values.
"""

from onnx import TensorProto

from . import rule

_WIDER = {TensorProto.INT4: TensorProto.INT8, TensorProto.UINT4: TensorProto.UINT8}


@rule("DequantizeLinear", first=True)
def dequantize_int4(graph, node):
    """Of a constant, with its zero point."""
    dtype, inputs = _WIDER.get(graph.dtype(node.input(0))), list(node.inputs)
    if dtype is None or not graph.is_constant(inputs[0]):
        return None
    for place in (0, 2):
        if place < len(inputs) and inputs[place]:
            inputs[place] = graph.constant(graph.value(inputs[place]).astype("i1" if dtype == TensorProto.INT8 else "u1"), dtype)
    return graph.add(node.op, *inputs, **node.attributes)
