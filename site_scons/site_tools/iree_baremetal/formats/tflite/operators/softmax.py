"""SOFTMAX, over the last axis."""

from iree.compiler.dialects import arith
from iree.compiler.dialects import math as math_ops

from .. import emit, fixed_point, quantization
from ..registry import operator
from . import softmax_words


@operator("SOFTMAX", "float32", "int8", "uint8", "int16")
def softmax(node):
    extents = node.shape(0)
    if not extents:
        raise node.error("its input has no dimension")
    last, beta = [len(extents) - 1], node.option("Beta", 0.0)
    rows = [*extents[:-1], 1]
    if node.kind == "float32":
        x = node.value(0)
        highest = emit.reshape(emit.reduced(x, last, float("-inf"), arith.maximumf), rows)

        def power(v, most):
            v = arith.subf(v, most)
            return math_ops.exp(v if beta == 1 else arith.mulf(v, emit.number(v.type, beta)))

        powers = emit.elementwise(power, emit.f32(), x, highest)
        total = emit.reshape(emit.reduced(powers, last, 0, arith.addf), rows)
        return emit.elementwise(arith.divf, emit.f32(), powers, total)
    return softmax_words.softmax(node, beta, last, rows) if node.kind == "int16" else _quantized(node, beta, last, rows)


def _quantized(node, beta, last, rows):
    """kernels/internal/reference/softmax.h in fixed point: of 8 bits there are 256 powers at most, known beforehand."""
    output = node.outputs[0]
    if output.dtype not in ("int8", "uint8", "int16"):
        raise node.error(f"its result is of type {output.dtype}; int8, uint8 and int16 are supported")
    table = fixed_point.exponentials(node.scale(node.inputs[0]) * beta)
    x, word = node.signed(0)[0], emit.i32()
    highest = emit.reshape(emit.reduced(x, last, -128, lambda v, most: arith.maxsi(v, most)), rows)

    def difference(v, most):
        found = arith.subi(arith.extsi(word, most), arith.extsi(word, v))
        return found if len(table) == 256 else arith.minsi(found, emit.number(word, len(table) - 1))

    powers = emit.looked_up(table, emit.elementwise(difference, word, x, highest))
    small = lambda v, total: arith.addi(total, quantization.rounding_shift(v, 12))  # noqa: E731
    total = emit.reshape(emit.reduced(powers, last, 0, small), rows)
    scaled = emit.elementwise(fixed_point.reciprocal, word, total)
    type_ = emit.element(output.dtype)
    lowest, largest = quantization.LIMITS[output.dtype]
    bits = 16 if output.dtype == "int16" else 8

    def body(power, scale, sum_):
        shift = arith.subi(emit.number(word, 12 + 31 - bits), math_ops.ctlz(sum_))
        v = quantization.rounding_shift(fixed_point.times(scale, power), shift)
        v = arith.addi(v, emit.number(word, lowest))
        return arith.trunci(type_, arith.minsi(arith.maxsi(v, emit.number(word, lowest)), emit.number(word, largest)))

    return emit.elementwise(body, type_, powers, scaled, total)
