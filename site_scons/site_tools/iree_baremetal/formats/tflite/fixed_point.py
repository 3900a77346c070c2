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


def rounded_twice(x, fixed, shift):
    """MultiplyByQuantizedMultiplier() of an array."""
    return _shifted(_times(x << max(shift, 0), fixed), max(-shift, 0))


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
    """The powers of a softmax of 8 bits, for differences from 0 on to the largest; the last one holds for all further ones."""
    fixed, shift = quantization.multiplier(min(scale * 2**26, 2**31 - 1.0))
    radius = (2**5 - 1) * 2**26 / 2**shift  # CalculateInputRadius()
    lowest = -int(radius)
    table = []
    for difference in range(0, -256, -1):
        rescaled = _times(difference << shift, fixed)
        table.append(exp_on_negative(rescaled, 5) if difference >= lowest else 0)
    zeros = table.count(0)  # at its end
    return numpy.array(table[: len(table) - max(zeros - 1, 0)], "i4")


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


# The same of int16, in i32 scalars: 15 - n fraction bits. Constants are those of 32 bits, shifted.


def times_16(a, b):
    product = arith.addi(arith.muli(a, b), emit.number(a.type, 1 << 14))
    return arith.shrsi(product, emit.number(a.type, 15))


def _constant_16(raw):
    return emit.number(emit.i32(), _shifted(raw, 16))


def _within_16(x):
    return emit.clamp(x, -(2**15), 2**15 - 1)


def _left_16(x, count):
    """x times 2**count, saturated."""
    return _within_16(arith.shli(x, emit.number(x.type, count)))


def exp_16(x, digits):
    """exp() of an i32 scalar not above 0 with so many integer digits."""
    fraction, word = 15 - digits, x.type
    quarter = 1 << (fraction - 2)
    modulo = arith.subi(arith.andi(x, emit.number(word, quarter - 1)), emit.number(word, quarter))
    a = arith.addi(arith.shli(modulo, emit.number(word, digits)), emit.number(word, 1 << 12))
    a2 = times_16(a, a)
    a3, a4 = times_16(a2, a), times_16(a2, a2)
    inner = arith.addi(times_16(arith.addi(quantization.rounding_shift(a4, 2), a3), _constant_16(715827883)), a2)
    inner = arith.addi(a, quantization.rounding_shift(inner, 1))
    constant = _constant_16(1895147668)
    result = _within_16(arith.addi(constant, times_16(constant, inner)))
    remainder = arith.subi(modulo, x)
    for exponent, factor in _BARREL:
        if digits > exponent:
            bit = arith.andi(remainder, emit.number(word, 1 << (fraction + exponent)))
            is_set = arith.cmpi(arith.CmpIPredicate.ne, bit, emit.number(word, 0))
            result = arith.select(is_set, times_16(result, _constant_16(factor)), result)
    return arith.select(_equals(x, 0), emit.number(word, 2**15 - 1), result)


def _equals(x, value):
    return arith.cmpi(arith.CmpIPredicate.eq, x, emit.number(x.type, value))


def _newton_16(x):
    """2 / (1 + x), of two integer digits, of x in [0, 1)."""
    word = x.type
    half = arith.shrsi(arith.addi(x, emit.number(word, 1 << 15)), emit.number(word, 1))
    guess = arith.addi(times_16(half, _constant_16(-1010580540)), _constant_16(1515870810))
    for _ in range(3):
        rest = arith.subi(emit.number(word, 1 << 13), times_16(half, guess))
        guess = arith.addi(guess, _left_16(times_16(guess, rest), 2))
    return guess


def logistic_16(x):
    """gemmlowp::logistic() of an i32 scalar, an int16 with three integer digits; the result has none."""
    word, zero = x.type, emit.number(x.type, 0)
    is_positive = arith.cmpi(arith.CmpIPredicate.sgt, x, zero)
    power = exp_16(arith.select(is_positive, arith.subi(zero, x), x), 3)
    result = _left_16(_newton_16(power), 1)
    result = arith.select(is_positive, result, arith.subi(emit.number(word, 2**15 - 1), result))
    return arith.select(_equals(x, 0), emit.number(word, 1 << 14), result)


def tanh_16(x, digits):
    """gemmlowp::tanh() of an i32 scalar, an int16 with so many integer digits; the result has none."""
    word, zero = x.type, emit.number(x.type, 0)
    is_negative = arith.cmpi(arith.CmpIPredicate.slt, x, zero)
    power = exp_16(arith.select(is_negative, x, arith.subi(zero, x)), digits + 1)
    result = _left_16(arith.subi(_newton_16(power), emit.number(word, 1 << 13)), 2)
    result = arith.select(is_negative, arith.subi(zero, result), result)
    return arith.select(_equals(x, 0), zero, result)


def inverse_root(x):
    """(multiplier, shift), i32 scalars, with 1 / sqrt(x) ~ multiplier * 2**(shift - 31): GetInvSqrtQuantizedMultiplierExp().

    x: an i32 scalar. 0 counts as 1. `tables.inverse_root` is the same of Python's integers.
    """
    word = emit.i32()
    one, zero = emit.number(word, 1), emit.number(word, 0)
    is_least = arith.cmpi(arith.CmpIPredicate.sle, x, one)
    is_large = arith.cmpi(arith.CmpIPredicate.sge, x, emit.number(word, 1 << 29))
    x = arith.select(is_large, arith.shrsi(x, emit.number(word, 2)), arith.maxsi(x, one))
    shift = arith.select(is_large, emit.number(word, 12), emit.number(word, 11))
    pairs = arith.subi(arith.shrsi(arith.subi(math_ops.ctlz(x), one), one), one)
    x = arith.shli(x, arith.addi(pairs, pairs))
    shift = arith.subi(shift, pairs)
    half = quantization.rounding_shift(arith.shrsi(x, one), 1)  # with three integer digits, as all below
    guess = emit.number(word, 1 << 28)
    for _ in range(5):
        cube = _left(times(times(guess, guess), guess), 6)
        guess = _left(arith.subi(times(guess, emit.number(word, 402653184)), times(half, cube)), 3)
    guess = times(guess, emit.number(word, 1518500250))  # over the root of 2, without integer digits
    guess = arith.shli(guess, arith.maxsi(arith.subi(zero, shift), zero))
    return arith.select(is_least, emit.number(word, _ONE), guess), arith.select(
        is_least, zero, arith.subi(zero, arith.maxsi(shift, zero))
    )
