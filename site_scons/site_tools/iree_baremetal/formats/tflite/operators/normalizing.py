"""L2_NORMALIZATION, L2_POOL_2D, LOG_SOFTMAX."""

import numpy
from iree.compiler.dialects import arith, linalg
from iree.compiler.dialects import math as math_ops

from .. import emit, fixed_point, quantization
from ..registry import operator
from . import pool
from .arithmetic import centred


@operator("L2_NORMALIZATION", "float32", "int8", "uint8")
def l2_normalization(node):
    own = node.shape(0)
    if not own:
        raise node.error("its input has no dimension")
    last, rows = [len(own) - 1], [*own[:-1], 1]
    if node.kind == "float32":
        x = node.value(0)
        total = emit.reduced(x, last, 0, lambda v, so_far: arith.addf(so_far, arith.mulf(v, v)))

        def divide(v, squares):
            norm = math_ops.sqrt(squares)
            return arith.divf(v, arith.maximumf(norm, emit.number(v.type, 1e-6)))

        return node.activated(emit.elementwise(divide, emit.f32(), x, emit.reshape(total, rows)))
    source, output, word = node.inputs[0], node.outputs[0], emit.i32()

    def square(v, so_far):
        v = centred(v, source)
        return arith.addi(so_far, arith.muli(v, v))

    total = emit.reshape(emit.reduced(node.value(0), last, 0, square, word), rows)
    roots = emit.elementwise(lambda t: fixed_point.inverse_root(t)[0], word, total)
    shifts = emit.elementwise(lambda t: fixed_point.inverse_root(t)[1], word, total)
    limits = quantization.LIMITS[output.dtype]

    def scale(v, root, shift):
        up = arith.addi(shift, emit.number(word, 7))  # the output's scale is 1/128
        zero = emit.number(word, 0)
        v = arith.shli(centred(v, source), arith.maxsi(up, zero))
        v = quantization.rounding_shift(fixed_point.times(v, root), arith.maxsi(arith.subi(zero, up), zero))
        v = arith.addi(v, emit.number(word, 128)) if output.dtype == "uint8" else v
        return arith.trunci(emit.element(output.dtype), emit.clamp(v, *limits))

    return emit.elementwise(scale, emit.element(output.dtype), node.value(0), roots, shifts)


@operator("L2_POOL_2D", "float32")
def l2_pool(node):
    found = pool.windows_of(node)
    squares = emit.elementwise(lambda x: arith.mulf(x, x), emit.f32(), node.value(0))
    sums = pool.pooled(found.padded(squares, 0), found, emit.f32(), 0, linalg.pooling_nhwc_sum)
    counts = emit.constant(pool.counts_of(found).astype("f4"))
    return node.activated(emit.elementwise(lambda s, n: math_ops.sqrt(arith.divf(s, n)), emit.f32(), sums, counts))


@operator("LOG_SOFTMAX", "float32", "int8", "uint8")
def log_softmax(node):
    own = node.shape(0)
    if not own:
        raise node.error("its input has no dimension")
    last, rows = [len(own) - 1], [*own[:-1], 1]
    if node.kind == "float32":
        x = node.value(0)
        highest = emit.reshape(emit.reduced(x, last, float("-inf"), arith.maximumf), rows)
        powers = emit.elementwise(lambda v, most: math_ops.exp(arith.subf(v, most)), emit.f32(), x, highest)
        total = emit.reshape(emit.reduced(powers, last, 0, arith.addf), rows)
        return emit.elementwise(
            lambda v, most, s: arith.subf(arith.subf(v, most), math_ops.log(s)), emit.f32(), x, highest, total
        )
    return _quantized_log_softmax(node, last, rows)


def _quantized_log_softmax(node, last, rows):
    """In floats, of 256 powers that are known."""
    x, _ = node.signed(0)
    output, word, real = node.outputs[0], emit.i32(), emit.f32()
    scale = node.scale(node.inputs[0])
    table = numpy.exp(-scale * numpy.arange(256)).astype("f4")
    highest = emit.reshape(emit.reduced(x, last, -128, arith.maxsi), rows)
    below = emit.elementwise(lambda v, most: arith.subi(arith.extsi(word, most), arith.extsi(word, v)), word, x, highest)
    total = emit.reshape(emit.reduced(emit.looked_up(table, below), last, 0, arith.addf), rows)
    logarithms = emit.elementwise(math_ops.log, real, total)
    low, high = quantization.LIMITS[output.dtype]

    def body(v, logarithm):
        v = arith.mulf(arith.sitofp(real, v), emit.number(real, -scale))
        v = math_ops.roundeven(arith.mulf(arith.subf(v, logarithm), emit.number(real, 1 / node.scale(output))))
        v = quantization.clamped(v, low - output.zero, high - output.zero)
        return arith.trunci(emit.element(output.dtype), arith.addi(arith.fptosi(word, v), emit.number(word, output.zero)))

    return emit.elementwise(body, emit.element(output.dtype), below, logarithms)
