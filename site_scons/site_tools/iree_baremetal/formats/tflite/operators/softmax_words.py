"""SOFTMAX of int16, by two interpolated tables: no operator of its own, softmax.py calls it."""

import numpy
from iree.compiler.dialects import arith
from iree.compiler.dialects import math as math_ops

from .. import emit, quantization, tables


def softmax(node, beta, last, rows):
    """kernels/internal/reference/softmax.h, SoftmaxInt16()."""
    x, word = node.value(0), emit.i32()
    # exp(x) from -10 to 0, and 1 / (1 + x) from 0 to 1, both over 2 / 65535.
    powers = emit.constant(tables.steps(numpy.exp, _range(10 / 65535, 2**15 - 1), _range(2 / 65535, 0), "f8"))
    inverses = emit.constant(tables.steps(lambda v: 1 / (1 + v), _range(1 / 65535, -(2**15)), _range(2 / 65535, 0), "f8"))
    pair = quantization.multiplier(node.scale(node.inputs[0]) * beta / (10 / 65535))
    highest = emit.reshape(emit.reduced(x, last, -(2**15), arith.maxsi), rows)

    def power(v, most):
        v = arith.subi(arith.extsi(word, v), arith.extsi(word, most))
        v = arith.addi(quantization.double_rounded(v, *pair), emit.number(word, 2**15 - 1))
        return tables.interpolated(powers, _limited(v))

    exponentials = emit.elementwise(power, word, x, highest)
    total = emit.reshape(emit.reduced(exponentials, last, 0, arith.addi), rows)

    def reciprocal(v):
        wide = emit.i64()
        up = arith.subi(math_ops.ctlz(v), emit.number(word, 1))
        moved = arith.shli(arith.extsi(wide, v), arith.extsi(wide, up))
        moved = arith.shrsi(arith.addi(moved, emit.number(wide, 1 << 13)), emit.number(wide, 14))
        return tables.interpolated(inverses, _limited(arith.addi(arith.trunci(word, moved), emit.number(word, -(2**15) - 2**16))))

    scales = emit.elementwise(reciprocal, word, total)

    def share(v, scale, sum_):
        right = arith.subi(emit.number(word, 31), math_ops.ctlz(sum_))
        half = arith.shli(emit.number(word, 1), arith.subi(right, emit.number(word, 1)))
        v = arith.shrsi(arith.addi(arith.muli(v, scale), half), right)
        return arith.trunci(emit.element("int16"), emit.clamp(v, 0, 2**15 - 1))

    return emit.elementwise(share, emit.element("int16"), exponentials, scales, total)


def _range(scale, zero):
    """The real numbers that int16 reaches."""
    return [scale * (n - zero) for n in quantization.LIMITS["int16"]]


def _limited(x):
    return emit.clamp(x, -(2**15), 2**15 - 1)
