"""Quantization without library calls: ``clamp(roundeven(x) + zero, low, high)`` to an integer.

Adding 1.5 * 2^23 to a float leaves it rounded half to even in its low bits, where -2^22 < x < 2^22;
beyond that the bits, seen as a signed integer, are still on the right side of the limits, which
clamp them. (For a NaN, which finite scales cannot give, the answer becomes the upper limit.)
"""

from dataclasses import dataclass

from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import emit
from ..dispatches import defining, operations
from ..product import NoMatch

MAGIC = 1.5 * 2**23
MAGIC_BITS = 0x4B400000


@dataclass
class Quantization:
    """convert is the arith.fptosi that gives the result; x what is rounded."""

    convert: object
    x: object
    zero: int
    low: int
    high: int


def _constant(value):
    """The number that value always is, or None; every element's, of a splat."""
    op = defining(value)
    if op is None or op.name != "arith.constant":
        return None
    attribute = op.attributes["value"]
    return attribute.value if isinstance(attribute, (ir.FloatAttr, ir.IntegerAttr)) else None


def _peel(value, *names):
    """(x, constant) where value is ``op(x, constant)`` for an op of these names, else None."""
    op = defining(value)
    if op is None or op.name not in names:
        return None
    constant = _constant(op.operands[1])
    return None if constant is None else (op.operands[0], constant)


def match(convert):
    """The `Quantization` that ends in convert; raises `NoMatch`."""
    if convert.name != "arith.fptosi" or str(convert.operands[0].type) != "f32":
        raise NoMatch("no conversion of f32 to an integer")
    value, limits = convert.operands[0], {}
    for _ in range(2):
        for side, names in (("low", ("arith.maxnumf", "arith.maximumf")), ("high", ("arith.minnumf", "arith.minimumf"))):
            found = _peel(value, *names)
            if found and side not in limits:
                value, limits[side] = found
    added = _peel(value, "arith.addf")
    value, zero = added or (value, 0.0)
    rounded = defining(value)
    if rounded is None or rounded.name != "math.roundeven" or len(limits) < 2:
        raise NoMatch("it does not round and clamp")
    width = ir.IntegerType(convert.results[0].type).width
    numbers = (zero, limits["low"], limits["high"])
    in_range = -(2 ** (width - 1)) <= numbers[1] <= numbers[2] < 2 ** (width - 1)
    if any(n != int(n) or abs(n) > 2**20 for n in numbers) or not in_range:
        raise NoMatch("its limits are no small integers")
    return Quantization(convert, rounded.operands[0], *map(int, numbers))


def drop_relu(found):
    """x without a max(v, 0) that the clamp implies: where 0 becomes the lower limit or less."""
    if found.low < found.zero:
        return found.x
    divide = _peel(found.x, "arith.divf", "arith.mulf")
    value, scale = divide or (found.x, 1.0)
    select = defining(value)
    if scale <= 0 or select is None or select.name != "arith.select":
        return found.x
    compare = defining(select.operands[0])
    kept, other = select.operands[1], select.operands[2]
    is_relu = compare is not None and compare.name == "arith.cmpf" and _constant(other) == 0.0 == _constant(compare.operands[1])
    greater = is_relu and ir.IntegerAttr(compare.attributes["predicate"]).value in _GREATER
    if not greater or compare.operands[0] != kept:
        return found.x
    if not divide:
        return kept
    op = defining(found.x)
    return getattr(arith, op.name.split(".")[1])(kept, op.operands[1])


_GREATER = (2, 3, 9, 10)  # ogt, oge, ugt, uge


def rewrite(found, saturating):
    """Replaces a `Quantization`; saturating: by the core's own saturating instructions, which take scalars."""
    with ir.InsertionPoint(found.convert):
        x = drop_relu(found)
        f32 = ir.F32Type.get()
        moved = arith.addf(x, arith.constant(f32, MAGIC))
        bits = arith.bitcast(emit.i32(), moved)
        bias = emit.word(MAGIC_BITS - found.zero)
        low, high = found.low, found.high
        if saturating:
            bits = emit.intrinsic("llvm.ssub.sat.i32", bits, bias)
            clamped = arith.minsi(arith.maxsi(bits, emit.word(low)), emit.word(high))
        else:
            offset = MAGIC_BITS - found.zero
            clamped = arith.minsi(arith.maxsi(bits, emit.word(offset + low)), emit.word(offset + high))
            clamped = arith.subi(clamped, bias)
        type_ = found.convert.results[0].type
        result = clamped if type_ == emit.i32() else arith.trunci(type_, clamped)
    found.convert.results[0].replace_all_uses_with(result)


def apply(function, saturating):
    """Rewrites every quantization of function; how many."""
    count = 0
    for op in [o for o in operations(function) if o.name == "arith.fptosi"]:
        try:
            found = match(op)
        except NoMatch:
            continue
        rewrite(found, saturating and op.parent.name.startswith("scf."))
        count += 1
    return count
