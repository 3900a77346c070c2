"""What an elementwise body makes of a sum: its value at any sum, and the sums at which it steps.

Only bodies that never fall as the sum grows, by each of their operations: two of them are equal
everywhere if they step at the same sums. Constants may differ from channel to channel.
"""

from dataclasses import dataclass

import numpy
from iree.compiler import ir

from ..dispatches import defining
from ..product import NoMatch
from .line import Steps

_LIMIT = 2**62


@dataclass(frozen=True)
class _Value:
    """array: [channel, point], or anything that is broadcast to it."""

    array: numpy.ndarray
    varies: bool  # with the sum
    bits: int  # of an integer, 0 of a float


def _bits(value):
    type_ = value.type
    if isinstance(type_, ir.IntegerType):
        return type_.width
    if str(type_) != "f32":
        raise NoMatch(f"its epilogue computes in {type_}")
    return 0


def _positive(value):
    if value.varies or (numpy.asarray(value.array) < 0).any():
        raise NoMatch("its epilogue may fall as its sum grows")


def _multiply(op, a, b):
    a, b = (b, a) if not a.varies else (a, b)
    if a.varies:
        _positive(b)
    if a.bits and (numpy.abs(a.array.astype(float) * b.array) >= _LIMIT).any():
        raise NoMatch("its epilogue may overflow")
    return a.array * b.array


def _divide(op, a, b):
    _positive(b)
    return a.array / b.array


def _subtract(op, a, b):
    if b.varies:
        raise NoMatch("its epilogue may fall as its sum grows")
    return a.array - b.array


def _shift(op, a, b):
    if b.varies or (b.array < 0).any() or (b.array > 62).any():
        raise NoMatch("its epilogue shifts by what it computes")
    return a.array >> b.array


def _shift_left(op, a, b):
    if b.varies or (b.array < 0).any() or (b.array > 62).any():
        raise NoMatch("its epilogue shifts by what it computes")
    if (numpy.abs(a.array.astype(float)) * 2.0**b.array >= _LIMIT).any():
        raise NoMatch("its epilogue may overflow")
    return a.array << b.array


def _high_half(op, a, b):
    """A logical shift, of which only bits that an arithmetic one shares are used."""
    used = [use.owner for use in op.results[0].uses]
    if b.varies or any(u.name != "arith.trunci" or _bits(u.results[0]) + int(b.array.max()) > a.bits for u in used):
        raise NoMatch("its epilogue shifts by what it computes")
    return _shift(op, a, b)


_COMPARE = {2: "gt", 3: "ge", 9: "gt", 10: "ge"}, {4: "gt", 5: "ge"}  # predicates of cmpf, cmpi


def _compare(op, a, b):
    """1 from some sum on, else 0."""
    how = _COMPARE[op.name == "arith.cmpi"].get(ir.IntegerAttr(op.attributes["predicate"]).value)
    if how is None or b.varies:
        raise NoMatch("its epilogue compares in a way that may fall")
    return a.array > b.array if how == "gt" else a.array >= b.array


def _select(op, condition, a, b):
    test = defining(op.operands[0])
    if test is not None and test.name in ("arith.cmpf", "arith.cmpi") and op.operands[1] == test.operands[0]:
        (x, limit) = test.operands
        if limit == op.operands[2] or _same(limit, op.operands[2]):
            return numpy.maximum(a.array, b.array)  # x > limit ? x : limit
    if a.varies or b.varies or (a.array < b.array).any():
        raise NoMatch("its epilogue selects in a way that may fall")
    return numpy.where(condition.array, a.array, b.array)


def _same(a, b):
    first, second = defining(a), defining(b)
    both = first is not None and second is not None and first.name == second.name == "arith.constant"
    return both and first.attributes["value"] == second.attributes["value"]


def _to_integer(op, a):
    return numpy.trunc(a.array).astype(numpy.int64)


_OPERATIONS: dict = {
    "arith.addi": lambda op, a, b: a.array + b.array,
    "arith.addf": lambda op, a, b: a.array + b.array,
    "arith.subi": _subtract,
    "arith.subf": _subtract,
    "arith.muli": _multiply,
    "arith.mulf": _multiply,
    "arith.divf": _divide,
    "arith.shli": _shift_left,
    "arith.shrsi": _shift,
    "arith.shrui": _high_half,
    "arith.maxsi": lambda op, a, b: numpy.maximum(a.array, b.array),
    "arith.minsi": lambda op, a, b: numpy.minimum(a.array, b.array),
    "arith.maxnumf": lambda op, a, b: numpy.maximum(a.array, b.array),
    "arith.minnumf": lambda op, a, b: numpy.minimum(a.array, b.array),
    "arith.maximumf": lambda op, a, b: numpy.maximum(a.array, b.array),
    "arith.minimumf": lambda op, a, b: numpy.minimum(a.array, b.array),
    "arith.cmpf": _compare,
    "arith.cmpi": _compare,
    "arith.select": _select,
    "arith.extsi": lambda op, a: a.array,
    "arith.trunci": lambda op, a: a.array,
    "arith.sitofp": lambda op, a: a.array.astype(numpy.float32),
    "arith.fptosi": _to_integer,
    "math.roundeven": lambda op, a: numpy.rint(a.array),
}


class Body:
    """The body of an elementwise operation as a function of one argument.

    constants: {argument or captured value: array [channel, 1]}; what depends on others is not known.
    """

    def __init__(self, block, argument, constants):
        self.block, self.argument, self.constants = block, argument, constants

    def values(self, sums):
        """{value of the body: _Value} at sums, [channel, point]; without those that may fall or overflow, or depend on others."""
        known = {self.argument: _Value(sums, True, _bits(self.argument))}
        known.update({key: _Value(array, False, _bits(key)) for key, array in self.constants.items()})
        for view in self.block.operations:
            op = view.operation
            if op.name == "linalg.yield":
                break
            operands = [known.get(v) or self._captured(v) for v in op.operands]
            result = None if None in operands else self._apply(op, operands)
            if result is not None:
                known[op.results[0]] = result
        return known

    def _apply(self, op, operands):
        if op.name not in _OPERATIONS:
            return None
        try:
            bits, varies = _bits(op.results[0]), any(o.varies for o in operands)
            with numpy.errstate(over="ignore"):
                array = _OPERATIONS[op.name](op, *operands)
        except NoMatch:
            return None
        limit = min(2 ** (bits - 1), _LIMIT) if bits > 1 else 2
        fits = -limit <= array.min() <= array.max() < limit if bits else numpy.isfinite(array).all()
        return _Value(array, varies, bits) if fits else None

    def _captured(self, value):
        op = defining(value)
        if op is None or op.name != "arith.constant":
            return None
        attribute, bits = op.attributes["value"], _bits(value)
        if not isinstance(attribute, (ir.FloatAttr, ir.IntegerAttr)):
            return None
        kind = numpy.int64 if bits else numpy.float32
        return _Value(numpy.full((1, 1), attribute.value, kind), False, bits)


def narrowed(body, first, last):
    """The value of a `Body` that is an int8 number for all sums from first to last, [channel] each.

    The one that takes most values; of those the last.
    """
    ends = numpy.stack([first, last], 1)
    found, most = None, 15
    for value, known in body.values(ends).items():
        least, greatest = known.array.min(), known.array.max()
        if known.varies and known.bits in (8, 32) and -128 <= least and greatest <= 127 and greatest - least >= most:
            found, most = value, greatest - least
    if found is None or found == body.argument:
        raise NoMatch("its epilogue does not end in a small integer")
    return found


def sign(body, first, last):
    """The value of a `Body` that is -1 for negative sums and 0 for the others, as TFLite's roundings have it; None without."""
    for value, known in body.values(numpy.stack([first, last], 1)).items():
        op = defining(value)
        is_shift = op is not None and op.name == "arith.shrsi" and known.varies and known.bits == 32
        if is_shift and known.array.min() == -1 and known.array.max() == 0:
            return value
    return None


def _below(body, value, goals, first, last):
    """For each channel and goal the greatest sum at which value is below the goal, by bisection; goals: [channel, goal] or [1, goal]."""
    below, above = (numpy.repeat(end[:, None], goals.shape[1], 1) for end in (first, last))
    while (above - below > 1).any():
        middle = (below + above) // 2
        reached = body.values(middle)[value].array >= goals
        below, above = numpy.where(reached, below, middle), numpy.where(reached, middle, above)
    return below


def find(body, value, first, last):
    """The `Steps` of value for each channel, whose sums go from first to last."""
    start = body.values(first[:, None])[value].array[:, 0]
    end = body.values(last[:, None])[value].array[:, 0]
    least, greatest = int(start.min()), int(end.max())
    goals = numpy.arange(least + 1, greatest + 1)[None, :]
    below, turns = _below(body, value, goals, first, last), _turns(body, first, last)
    result = []
    for channel in range(len(first)):
        used = (goals[0] > start[channel]) & (goals[0] <= end[channel])
        result.append(
            Steps(
                int(first[channel]), int(last[channel]), int(start[channel]), int(end[channel]),
                goals[0][used], below[channel][used], least, greatest, turns[channel],
            )
        )  # fmt: skip
    return result


def _turns(body, first, last):
    """Of each channel the sum from which on its `sign` is 0; None where the body has no sign."""
    value = sign(body, first, last)
    if value is None:
        return [None] * len(first)
    ends = body.values(numpy.stack([first, last], 1))[value].array
    found = _below(body, value, numpy.zeros((1, 1), numpy.int64), first, last)[:, 0] + 1
    found = numpy.where(ends[:, 0] == 0, first, numpy.where(ends[:, 1] == -1, last + 1, found))
    return [int(turn) for turn in found]
