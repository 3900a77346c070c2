"""LOGISTIC and TANH."""

import math

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith, tensor
from iree.compiler.dialects import math as math_ops

from .. import emit, tables
from ..registry import operator


@operator("LOGISTIC", "float32", "int8", "uint8", "int16")
def logistic(node):
    if node.kind == "float32":

        def body(x):
            one = emit.number(x.type, 1)
            return arith.divf(one, arith.addf(one, math_ops.exp(arith.negf(x))))

        return emit.elementwise(body, emit.f32(), node.value(0))
    if node.kind == "int16":
        return _words(node, 9, 0, 1 << 25, 0x7FFF << 10, 10)
    return tables.looked_up(node, tables.of_function(node, lambda x: 1 / (1 + numpy.exp(-x))))


@operator("TANH", "float32", "int8", "uint8", "int16")
def tanh(node):
    if node.kind == "float32":
        return emit.elementwise(math_ops.tanh, emit.f32(), node.value(0))
    if node.kind == "int16":
        return _words(node, 8, -(1 << 23), 1 << 23, 0xFFFF << 8, 8)
    return tables.looked_up(node, tables.of_function(node, numpy.tanh))


def _sigmoid():
    """256 values of 65536 / (1 + exp(-n / 24)), each moved by half of what interpolation to the next misses in the middle."""
    at = lambda n: 65536 / (1 + numpy.exp(-n / 24))  # noqa: E731
    n = numpy.arange(255)
    missed = at(n + 0.5) - (at(n) + at(n + 1)) / 2
    return numpy.array([*numpy.floor(at(n) + missed / 2 + 0.5), 65535], "i4")


def _factor(node):
    """(multiplier, shift) to 3 * 2**12 times the real number; a power of two is kept exact: SigmoidPrepare()."""
    scale = node.scale(node.inputs[0])
    mantissa, exponent = math.frexp(scale)
    if mantissa == 0.5 and 0 <= exponent - 1 + 12 <= 1:
        return 3 << (exponent - 1 + 12), 0
    fixed, shift = scale * 4096 * 3, 0
    while fixed <= 32767 / 2 and shift <= 30:
        fixed, shift = fixed * 2, shift + 1
    return int(fixed), shift


def _words(node, bits, offset, mirror, highest, last):
    """kernels/internal/reference/integer_ops/logistic.h and tanh.h: interpolation with so many bits of a step.

    What is interpolated by a number's size goes up by offset; for negative numbers it is taken from mirror.
    highest: beyond the table. last: how many bits are cut off in the end, rounding.
    """
    table, (fixed, shift) = emit.constant(_sigmoid()), _factor(node)
    word = emit.i32()

    def body(x):
        x = arith.muli(arith.extsi(word, x), emit.number(word, fixed))
        if shift:
            x = arith.shrsi(arith.addi(x, emit.number(word, 1 << (shift - 1))), emit.number(word, shift))
        size = math_ops.absi(x)
        place = arith.shrui(size, emit.number(word, bits))
        is_beyond = arith.cmpi(arith.CmpIPredicate.uge, place, emit.number(word, 255))
        place = arith.minui(place, emit.number(word, 254))
        low, high = (
            tensor.extract(table, [arith.index_cast(ir.IndexType.get(), arith.addi(place, emit.number(word, n)))]) for n in (0, 1)
        )
        between = arith.muli(arith.subi(high, low), arith.andi(size, emit.number(word, (1 << bits) - 1)))
        value = arith.addi(arith.shli(low, emit.number(word, bits)), between)
        value = arith.select(is_beyond, emit.number(word, highest), value)
        half = 1 << (last - 1)
        is_negative = arith.cmpi(arith.CmpIPredicate.slt, x, emit.number(word, 0))
        up = arith.addi(value, emit.number(word, offset + half))
        value = arith.select(is_negative, arith.subi(emit.number(word, mirror + half - 1), value), up)
        return arith.trunci(emit.element("int16"), arith.shrsi(value, emit.number(word, last)))

    return emit.elementwise(body, emit.element("int16"), node.value(0))
