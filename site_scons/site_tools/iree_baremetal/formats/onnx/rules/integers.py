"""Unsigned integers, which IREE's importer divides and orders as signed ones, and shifts by more bits than there are."""

from onnx import TensorProto, helper

from . import rule

_UNSIGNED = (TensorProto.UINT8, TensorProto.UINT16, TensorProto.UINT32, TensorProto.UINT64)


@rule("Clip")
def unsigned_clip(graph, node):
    """Max and Min, which know of signs."""
    value = node.input(0)
    if graph.dtype(value) not in _UNSIGNED:
        return None
    for operator, bound in (("Max", node.input(1)), ("Min", node.input(2))):
        value = graph.add(operator, value, bound) if bound else value
    return value


@rule("Div")
def unsigned_div(graph, node):
    """Half of the dividend by the divisor, twice, and one more where the remainder is enough; of large divisors 0 or 1."""
    x, y = node.inputs
    dtype = graph.dtype(x)
    if dtype not in _UNSIGNED:
        return None
    if dtype in (TensorProto.UINT8,):
        wide = (graph.add("Cast", name, to=TensorProto.INT32) for name in (x, y))
        return graph.add("Cast", graph.add("Div", *wide), to=dtype)
    bits = helper.tensor_dtype_to_np_dtype(dtype).itemsize * 8
    zero, one, top = (graph.constant(number, dtype) for number in (0, 1, 2 ** (bits - 1)))
    large = graph.add("GreaterOrEqual", y, top)
    small = graph.add("Where", large, one, y)
    halves = graph.kept("Div", graph.add("BitShift", x, one, direction="RIGHT"), small)
    twice = graph.add("BitShift", halves, one, direction="LEFT")
    rest = graph.add("Sub", x, graph.add("Mul", twice, small))
    more = graph.add("Where", graph.add("GreaterOrEqual", rest, small), one, zero)
    whole = graph.add("Where", graph.add("GreaterOrEqual", x, y), one, zero)
    return graph.add("Where", large, whole, graph.add("Add", twice, more))


@rule("Mod")
def unsigned_mod(graph, node):
    """What division leaves."""
    x, y = node.inputs
    if graph.dtype(x) not in _UNSIGNED:
        return None
    return graph.add("Sub", x, graph.add("Mul", graph.add("Div", x, y), y))


@rule("TopK")
def unsigned_top_k(graph, node):
    """The places of the same among signed integers, in the same order."""
    x, dtype = node.input(0), graph.dtype(node.input(0))
    if dtype not in _UNSIGNED:
        return None
    moved = graph.add("Add", x, graph.constant(2**63, dtype)) if dtype == TensorProto.UINT64 else x
    _, places = graph.add("TopK", graph.add("Cast", moved, to=TensorProto.INT64), node.input(1), outputs=2, **node.attributes)
    return [graph.add("GatherElements", x, places, axis=node.get("axis", -1)), places]


@rule("BitShift")
def bit_shift(graph, node):
    """Nothing is left of what is shifted by its width or more; to the right, of a negative number, the sign."""
    x, amount = node.inputs
    dtype = helper.tensor_dtype_to_np_dtype(graph.dtype(x))
    bits, left, known = dtype.itemsize * 8, node.get("direction") == "LEFT", graph.value(amount)
    if known is not None and (known < bits).all() and (known >= 0).all():
        return None
    limit = graph.constant(bits - 1, dtype)
    # A negative amount is as one that is too large.
    within = graph.add("LessOrEqual", amount, limit)
    if dtype.kind == "i":
        within = graph.add("And", within, graph.add("GreaterOrEqual", amount, graph.constant(0, dtype)))
    shifted = graph.kept("BitShift", x, graph.add("Where", within, amount, limit), direction=node.get("direction"))
    if dtype.kind == "i" and not left:
        return shifted
    return graph.add("Where", within, shifted, graph.constant(0, dtype))
