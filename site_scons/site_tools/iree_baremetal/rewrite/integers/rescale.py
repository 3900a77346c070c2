"""The rescale of the sums of a 16x8 product: one 64-bit multiply-add, one shift, one clamp.

What TFLite's converter says of a sum x is, whatever it is written as, ``(m * x + c) >> shift`` in 64 bits, clamped. `find`
follows the arithmetic of the epilogue, operation by operation, and keeps those numbers for each channel: equal for every
sum, as nothing is rounded in between. As ``(m' * x + c') >> (32 + shift')`` it is SMLAL, of which the high word is the
result but for a short shift, and SSAT or USAT.
"""

from dataclasses import dataclass, replace

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import emit
from ..dispatches import defining
from ..product import NoMatch, element_of
from . import exceptions, requantization

_LONG = 2**63


def find(product):
    """The `Rescale` of a 16x8 product; raises `NoMatch`."""
    op = product.epilogue
    if op is None:
        raise NoMatch("its sums are stored as they are")
    channels = requantization.channels_of(product)
    body = requantization.body_of(product, op, channels)
    first, last = requantization.range_of(product, channels)
    if element_of(product.contraction.results[0]) == "i32":  # which wrap
        wraps = (first < -(2**31)) | (last >= 2**31)
        first, last = numpy.where(wraps, -(2**31), first), numpy.where(wraps, 2**31 - 1, last)
    value, form = _ending(_Forms(body, first, last))
    shift, factors, addends, shifts = form.normal()
    if any(
        abs(m) * max(abs(a), abs(b)) + abs(c) >= _LONG for m, a, b, c in zip(factors, map(int, first), map(int, last), addends)
    ):
        raise NoMatch("its epilogue may overflow")
    made = Rescale(product, channels, value, factors, addends, shifts, shift, form.least, form.greatest)
    made.is_last = requantization.ends_in(op, value)
    return made


@dataclass(frozen=True)
class _Form:
    """((m * x + c) >> shift) of each channel's sum x, between least and greatest. m, c, shift: arrays of Python's integers."""

    m: numpy.ndarray
    c: numpy.ndarray
    shift: numpy.ndarray
    least: int | None = None
    greatest: int | None = None

    def at(self, x):
        """The values for one sum of each channel."""
        value = (self.m * x + self.c) >> self.shift
        value = value if self.least is None else numpy.maximum(value, self.least)
        return value if self.greatest is None else numpy.minimum(value, self.greatest)

    @property
    def is_clamped(self):
        return self.least is not None or self.greatest is not None

    def normal(self):
        """(shift of all or None, factors, addends, shifts) that stand for m and c, the sums shifted by 32 more."""
        own = [max(0, s - 32) for s in self.shift]
        for shifts in ([max(own)] * len(own), own):
            ups = [32 + k - s for k, s in zip(shifts, self.shift)]
            factors, addends = ([n << up for n, up in zip(numbers, ups)] for numbers in (self.m, self.c))
            if max(factors) < 2**31 and max(map(abs, addends)) < _LONG:
                return shifts[0] if len(set(shifts)) == 1 else None, factors, addends, shifts
        raise NoMatch("its factors are too large")


class _Forms:
    """{value of a `steps.Body`: its `_Form`}, and {value: array of numbers, one for each channel or one for all} of what is known."""

    def __init__(self, body, first, last):
        self.ends = [end.astype(object) for end in (first, last)]
        one, nil = (numpy.full(len(first), number, object) for number in (1, 0))
        self.known, self.body = {body.argument: _Form(one, nil, nil)}, body
        self.known |= {key: _numbers(array) for key, array in body.constants.items() if array.dtype.kind == "i"}
        for view in body.block.operations:
            op = view.operation
            if op.name != "linalg.yield" and (made := self._apply(op)) is not None and self._fits(op.results[0], made):
                self.known[op.results[0]] = made

    def _operand(self, value):
        if value in self.known:
            return self.known[value]
        op = defining(value)
        attribute = op.attributes["value"] if op is not None and op.name == "arith.constant" else None
        return numpy.array([attribute.value], object) if isinstance(attribute, ir.IntegerAttr) else None

    def _apply(self, op):
        operands = [self._operand(value) for value in op.operands]
        if op.name not in _OPERATIONS or any(operand is None for operand in operands):
            return None
        if op.name == "arith.shrui":  # an arithmetic shift, for those who take of it only what both share
            count, bits = operands[1], op.results[0].type.width
            if isinstance(count, _Form) or not _takes_low(op, bits - int(count.max())):
                return None
        if isinstance(operands[-1], _Form) and op.name in ("arith.addi", "arith.muli", "arith.maxsi", "arith.minsi"):
            operands.reverse()
        if any(isinstance(operand, _Form) for operand in operands[1:]):
            return None
        return _OPERATIONS[op.name](*operands)

    def _fits(self, value, made):
        half = 2 ** (value.type.width - 1)
        ends = [made.at(end) for end in self.ends] if isinstance(made, _Form) else [made]
        return all(-half <= number < half for end in ends for number in end)


def _ending(forms):
    """(the last value of a body that is clamped, its `_Form`)"""
    found = [(value, form) for value, form in forms.known.items() if isinstance(form, _Form) and form.is_clamped]
    value, form = found[-1] if found else (None, None)
    if form is None or form.least is None or form.greatest is None or max(-form.least, form.greatest + 1) > 2**15:
        raise NoMatch("its epilogue does not end in a small integer")
    return value, form


def _numbers(array):
    return array.reshape(-1).astype(object)


def _takes_low(op, bits):
    users = [use.owner for use in op.results[0].uses]
    return all(user.name == "arith.trunci" and user.results[0].type.width <= bits for user in users)


def _add(a, b):
    if not isinstance(a, _Form):
        return a + b
    return None if a.is_clamped else replace(a, c=a.c + b * 2**a.shift)


def _subtract(a, b):
    return _add(a, -b)


def _multiply(a, b):
    if not isinstance(a, _Form):
        return a * b
    if a.is_clamped or any(a.shift) or min(b) < 0:
        return None
    return replace(a, m=a.m * b, c=a.c * b)


def _up(a, b):
    return _multiply(a, 2**b) if 0 <= min(b) and max(b) < 64 else None


def _down(a, b):
    if min(b) < 0 or max(b) > 63:
        return None
    if not isinstance(a, _Form):
        return a >> b
    return None if a.is_clamped else replace(a, shift=a.shift + b)


def _limit(a, b, is_least):
    if not isinstance(a, _Form) or len(set(b)) > 1:
        return None
    least, greatest, limit = a.least, a.greatest, b[0]
    if is_least:
        least, greatest = limit if least is None else max(least, limit), greatest if greatest is None else max(greatest, limit)
    else:
        least, greatest = least if least is None else min(least, limit), limit if greatest is None else min(greatest, limit)
    return replace(a, least=least, greatest=greatest)


def _limit_unsigned(a, b):
    """The lesser of two numbers, of which neither is negative."""
    return _limit(a, b, False) if isinstance(a, _Form) and a.least is not None and min(a.least, *b) >= 0 else None


_OPERATIONS: dict = {
    "arith.addi": _add,
    "arith.subi": _subtract,
    "arith.muli": _multiply,
    "arith.shli": _up,
    "arith.shrsi": _down,
    "arith.shrui": _down,
    "arith.extsi": lambda a: a,
    "arith.trunci": lambda a: a,
    "arith.maxsi": lambda a, b: _limit(a, b, True),
    "arith.minsi": lambda a, b: _limit(a, b, False),
    "arith.minui": _limit_unsigned,
}


class Rescale(requantization.Requantization):
    """Takes the place of one value of an epilogue's body, for every channel.

    shift: of all channels, or None where each has its own, in a word more.
    """

    def __init__(self, product, channels, value, factors, addends, shifts, shift, least, greatest):
        self.product, self.channels, self.value, self.shift = product, channels, value, shift
        self.least, self.greatest = least, greatest
        self.count, self.is_whole = len(factors), True
        columns = [factors, [c % 2**32 for c in addends], [c >> 32 for c in addends], *([shifts] if shift is None else [])]
        self.WORDS = len(columns)  # of a channel: factor; low and high word of the addend; shift
        rows = numpy.array(columns, object).T.reshape(-1) % 2**32
        self.words = rows.astype(numpy.uint32).view(numpy.int32)
        self.exceptions = exceptions.Table([None] * len(factors))
        self.table, self.is_last, self.is_shared = None, False, False

    has_vectors = has_lanes = False

    def _columns(self, *words):
        return numpy.zeros_like(words[0]), *words

    def start(self, channel):
        return emit.word(0)

    def finish(self, sums, channel, otherwise, line=None):
        """The values for sums of one channel, of i32 or i64."""
        factor, low, high, *own = line or [self._word(channel, number) for number in range(self.WORDS)]
        shift = own[0] if own else emit.word(self.shift)
        i64 = ir.IntegerType.get_signless(64)
        addend = arith.ori(arith.extui(i64, low), arith.shli(arith.extui(i64, high), arith.constant(i64, 32)))
        results = []
        for value in sums:
            value = value if value.type == i64 else arith.extsi(i64, value)
            value = emit.add(arith.muli(value, arith.extsi(i64, factor)), addend)
            high_word = arith.trunci(emit.i32(), arith.shrsi(value, arith.constant(i64, 32)))
            results.append(self._narrow(arith.shrsi(high_word, shift)))
        return results
