"""Pow by a tensor of exponents: IREE takes the logarithm of what may be negative or zero."""

import numpy as np
from onnx import TensorProto

from . import rule

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)


@rule("Pow")
def power(graph, node):
    """e^(exponent * log |x|), negative where x is and the exponent is odd, NaN where x is negative and it is not whole."""
    x, exponent = node.inputs
    dtype, known = graph.dtype(x), graph.value(exponent)
    if dtype not in _FLOATS or known is not None and known.size and np.all(known == known.flat[0]):
        return None  # one constant exponent: multiplications, roots
    if graph.dtype(exponent) != dtype:
        exponent = graph.add("Cast", exponent, to=dtype)
    zero, one = (graph.constant(number, dtype) for number in (0, 1))
    size = graph.add("Exp", graph.add("Mul", exponent, graph.add("Log", graph.add("Abs", x))))
    size = graph.add("Where", graph.add("Equal", exponent, zero), one, size)
    # Floats from 2^24 on are all even; as int32, since the host's reference lacks C's truncf.
    within = (
        graph.add("Clip", exponent, graph.constant(-(2**24), dtype), graph.constant(2**24, dtype))
        if dtype != TensorProto.FLOAT16
        else exponent
    )
    number = graph.add("Cast", within, to=TensorProto.INT32)
    half = graph.add("Div", number, graph.constant(2, np.int32))
    odd = graph.add("Not", graph.add("Equal", graph.add("Mul", half, graph.constant(2, np.int32)), number))
    whole = graph.add("Equal", graph.add("Cast", number, to=dtype), within)
    signed = graph.add("Where", odd, graph.add("Neg", size), size)
    signed = graph.add("Where", whole, signed, graph.constant(np.nan, dtype))
    return graph.add("Where", graph.add("Less", x, zero), signed, size)
