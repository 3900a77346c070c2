"""Cast of floats to small unsigned integers, by way of int32: LLVM may do as it likes with what int8 does not hold."""

from onnx import TensorProto

from . import rule

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)


@rule("Cast")
def cast_to_unsigned(graph, node):
    """Cast to int32, and on."""
    if node.get("to") not in (TensorProto.UINT8, TensorProto.UINT16) or graph.dtype(node.input(0)) not in _FLOATS:
        return None
    return graph.add("Cast", graph.add("Cast", node.input(0), to=TensorProto.INT32), to=node.get("to"))
