"""Casts by way of a type between: LLVM may do as it likes with what int8 does not hold, and calls functions that boards lack."""

from onnx import TensorProto

from . import rule

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)


@rule("Cast")
def cast_to_unsigned(graph, node):
    """Cast to int32, and on."""
    if node.get("to") not in (TensorProto.UINT8, TensorProto.UINT16) or graph.dtype(node.input(0)) not in _FLOATS:
        return None
    return graph.add("Cast", graph.add("Cast", node.input(0), to=TensorProto.INT32), to=node.get("to"))


@rule("Cast")
def cast_double_to_half(graph, node):
    """By way of float32: cross compilers' libraries have no function from doubles to halves, or back."""
    pair = {graph.dtype(node.input(0)), node.get("to")}
    if TensorProto.DOUBLE not in pair or not pair & {TensorProto.FLOAT16, TensorProto.BFLOAT16}:
        return None
    return graph.add("Cast", graph.add("Cast", node.input(0), to=TensorProto.FLOAT), to=node.get("to"))
