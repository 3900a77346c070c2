"""Sums of two int8 tensors, requantized: a plane, ``(a * x + b * y + c) >> shift``, where it is right for all 65,536 pairs.

What a model says of such a sum is float arithmetic, with a division. `steps` evaluates it for each pair.
"""

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith

from ... import plane
from .. import dispatches, emit
from ..product import NoMatch
from . import steps

_NUMBERS = numpy.arange(-128, 128)


def rewrite(dispatch):
    """Replaces the bodies of a dispatch's sums; how many. Raises `NoMatch`."""
    generics = [op for op in dispatches.operations(dispatch.function) if op.name == "linalg.generic"]
    found = [op for op in generics if _is_elementwise(op)]
    if not found:
        raise NoMatch("no function of two int8")
    for op in found:
        _replace(op, *_plane(op))
    return len(found)


def _is_elementwise(op):
    types = [str(ir.RankedTensorType(v.type).element_type) for v in op.operands if isinstance(v.type, ir.RankedTensorType)]
    if types != ["i8"] * 3 or len(op.operands) != 3 or len(op.results) != 1:
        return False
    *_, out = op.regions[0].blocks[0].arguments
    return all("parallel" in str(kind) for kind in op.attributes["iterator_types"]) and not list(out.uses)


def _plane(op):
    """(a, b, c, shift, low, high) of the plane that is the body of op."""
    block = op.regions[0].blocks[0]
    x, y, _ = block.arguments
    return plane_of(block, x, y)


def plane_of(block, x, y):
    """(a, b, c, shift, low, high) of the plane that is what a body yields, as a function of two of its i8; raises `NoMatch`."""
    inner = [view.operation for view in block.operations]
    known = steps.Body(block, x, {y: _NUMBERS[:, None]}).values(_NUMBERS[None])
    rounded = [o.operands[0] for o in inner if o.name == "math.roundeven" and o.operands[0] in known]
    result = known.get(inner[-1].operands[0])
    if result is None or result.array.shape != (256, 256):
        raise NoMatch("its function of two int8 is no rounded sum")
    if not rounded:
        return _shifted(inner, known, result.array)
    if len(rounded) != 1:
        raise NoMatch("its function of two int8 is no rounded sum")
    real, results = known[rounded[0]].array.astype(float), result.array
    slopes = _slope(real[-1]), _slope(real[:, -1])
    low, high = int(results.min()), int(results.max())
    found = plane.find(results.T, _NUMBERS, _NUMBERS, slopes, low, high)
    if found is None:
        raise NoMatch("no plane is its sum for every pair")
    return *found, low, high


def _shifted(inner, known, results):
    """The same of a body that has a plane in integers."""
    low, high = int(results.min()), int(results.max())
    for op in reversed(inner):
        amount = dispatches.defining(op.operands[1]) if op.name == "arith.shrsi" and op.operands[0] in known else None
        if amount is None or amount.name != "arith.constant" or known[op.operands[0]].array.shape != (256, 256):
            continue
        whole, by = known[op.operands[0]].array.astype(numpy.int64), ir.IntegerAttr(amount.attributes["value"]).value
        a, b, c = (int(n) for n in (whole[0, 1] - whole[0, 0], whole[1, 0] - whole[0, 0], whole[128, 128]))
        is_plane = (whole == a * _NUMBERS[None] + b * _NUMBERS[:, None] + c).all()
        if is_plane and (numpy.clip(whole >> by, low, high) == results).all():
            return a, b, c, by, low, high
    raise NoMatch("its function of two int8 is no rounded sum")


def _slope(values):
    """Of values along a line, where they are not limited."""
    changes = numpy.flatnonzero(numpy.diff(values))
    if len(changes) < 3:
        raise NoMatch("its sum hardly depends on one side")
    first, last = changes[0] + 1, changes[-1]
    return (values[last] - values[first]) / (last - first)


def _replace(op, *numbers):
    block = op.regions[0].blocks[0]
    end = [view.operation for view in block.operations][-1]
    with ir.InsertionPoint(end), end.location:
        end.operands[0] = evaluated(*list(block.arguments)[:2], *numbers)


def evaluated(x, y, a, b, c, shift, low, high):
    """The value of a plane at two i8, which may be words already."""
    x, y = (value if value.type == emit.i32() else emit.widened(value) for value in (x, y))
    total = emit.multiply_add(y, emit.word(b), emit.multiply_add(x, emit.word(a), emit.word(c)))
    total = arith.shrsi(total, emit.word(shift))
    total = arith.minsi(arith.maxsi(total, emit.word(low)), emit.word(high))
    return arith.trunci(emit.i8(), total)
