"""gemmlowp's fixed-point functions, as the reference kernels use them: of numbers, and as scalar code.

A fixed-point number of i32 with n integer digits stands for raw / 2**(31 - n). After fixedpoint/fixedpoint.h.
"""

import numpy
from iree.compiler.dialects import arith
from iree.compiler.dialects import math as math_ops

from . import emit, quantization

_ONE = 2**31 - 1


def _times(a, b):
    """SaturatingRoundingDoublingHighMul() of arrays or Python's integers."""
    return (a * b + 2**30) >> 31


def _shifted(x, count):
    """RoundingDivideByPOT()."""
    remainder, threshold = x & ((1 << count) - 1), ((1 << count) - 1 >> 1) + (x < 0)
    return (x >> count) + (remainder > threshold)


def _exp_interval(a):
    """exp(a) of a in [-1/4, 0), no integer digits: exp_on_interval_between_negative_one_quarter_and_0_excl()."""
    x = a + (1 << 28)
    x2 = _times(x, x)
    x3, x4 = _times(x2, x), _times(x2, x2)
    inner = _shifted(_times(_shifted(x4, 2) + x3, 715827883) + x2, 1)
    return 1895147668 + _times(1895147668, x + inner)


_BARREL = ((-2, 1672461947), (-1, 1302514674), (0, 790015084), (1, 290630308), (2, 39332535), (3, 720401), (4, 242))


def exp_on_negative(raw, digits):
    """exp() of a number not above 0 with so many integer digits; the result has none."""
    if raw == 0:
        return _ONE
    fraction, quarter = 31 - digits, 1 << (31 - digits - 2)
    modulo = (raw & (quarter - 1)) - quarter
    result = _exp_interval(modulo << digits)
    remainder = modulo - raw
    for exponent, factor in _BARREL:
        if digits > exponent and remainder & (1 << (fraction + exponent)):
            result = _times(result, factor)
    if digits > 5 and raw < -(1 << (fraction + 5)):
        return 0
    return result


def exponentials(scale):
    """The 256 powers of a softmax of 8 bits, for differences from 0 to 255 to the largest; 0 for those too far below it."""
    fixed, shift = quantization.multiplier(min(scale * 2**26, 2**31 - 1.0))
    radius = (2**5 - 1) * 2**26 / 2**shift  # CalculateInputRadius()
    lowest = -int(radius)
    table = []
    for difference in range(0, -256, -1):
        rescaled = _times(difference << shift, fixed)
        table.append(exp_on_negative(rescaled, 5) if difference >= lowest else 0)
    return numpy.array(table, "i4")


def times(a, b):
    """The i32 scalars a * b, of no integer digits each."""
    wide = emit.i64()
    product = arith.muli(arith.extsi(wide, a), arith.extsi(wide, b))
    product = arith.addi(product, emit.number(wide, 1 << 30))
    return arith.trunci(emit.i32(), arith.shrsi(product, emit.number(wide, 31)))


def reciprocal(total):
    """1 / total as GetReciprocal() has it, without the leading zeros of the i32 scalar total."""
    word = emit.i32()
    moved = arith.shli(total, math_ops.ctlz(total))
    return one_over_one_plus(arith.xori(moved, emit.number(word, 1 << 31)))


def one_over_one_plus(x):
    """1 / (1 + x) of x in [0, 1), no integer digits: one_over_one_plus_x_for_x_in_0_1(), three steps of Newton's."""
    word, wide = emit.i32(), emit.i64()
    total = arith.addi(arith.extsi(wide, x), emit.number(wide, _ONE + 1))  # RoundingHalfSum() of x and 1
    half = arith.trunci(word, arith.shrsi(total, emit.number(wide, 1)))
    guess = arith.addi(times(half, emit.number(word, -1010580540)), emit.number(word, 1515870810))
    for _ in range(3):
        rest = arith.subi(emit.number(word, 1 << 29), times(half, guess))
        guess = arith.addi(guess, _left(times(guess, rest), 2))
    return _left(guess, 1)


def _left(x, count):
    """The i32 scalar x times 2**count, saturated: SaturatingRoundingMultiplyByPOT()."""
    limit = emit.number(x.type, (1 << (31 - count)) - 1)
    lowest = emit.number(x.type, -(1 << (31 - count)))
    moved = arith.shli(arith.maxsi(x, lowest), emit.number(x.type, count))
    return arith.select(arith.cmpi(arith.CmpIPredicate.sgt, x, limit), emit.number(x.type, _ONE), moved)
