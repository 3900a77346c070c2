"""Pools over windows, and MEAN."""

import math

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith, linalg

from .. import emit, quantization
from ..registry import operator
from . import windows

_LOWEST = {"float32": float("-inf"), "int8": -128, "int16": -(2**15)}


def windows_of(node):
    extents = node.shape(0)
    if len(extents) != 4:
        raise node.error(f"its input has the shape {extents}, not four dimensions")
    return windows.of(node, extents, [node.option("FilterHeight", 1), node.option("FilterWidth", 1)])


def pooled(x, found, type_, start, operation):
    """operation, one of linalg's pools, over windows of x."""
    batch, _, _, channels = emit.shape(x)
    initial = emit.filled([batch, *found.out, channels], type_, start)
    return operation(x, emit.empty(found.kernel, type_), outs=[initial], **found.named())


@operator("AVERAGE_POOL_2D", "float32", "int8", "uint8", "int16")
def average_pool_2d(node):
    found = windows_of(node)
    x, is_real = node.value(0), node.kind == "float32"
    type_ = emit.f32() if is_real else emit.i32()
    if found.is_whole:
        body = arith.addf if is_real else lambda v, total: arith.addi(quantization.widened(v, node.inputs[0]), total)
        sums = emit.reduced(x, (1, 2), 0, body, type_)
        sums = emit.reshape(sums, [emit.shape(x)[0], 1, 1, emit.shape(x)[3]])
    else:
        x, fill = (node.signed(0)[0], -128) if node.kind == "uint8" else (x, 0)  # linalg's sum takes integers for signed
        sums = pooled(found.padded(x, fill), found, type_, -fill * math.prod(found.kernel), linalg.pooling_nhwc_sum)
    counts = counts_of(found).astype("f4" if is_real else "i4")
    columns = [] if (counts == counts.flat[0]).all() else [emit.constant(counts)]

    def count(values):
        return values[0] if values else emit.number(type_, counts.flat[0])

    if is_real:
        return node.activated(emit.elementwise(lambda v, *values: arith.divf(v, count(values)), type_, sums, *columns))
    low, high = node.activation_range()
    result = emit.element(node.kind)
    return emit.elementwise(
        lambda v, *values: emit.saturated(divided(v, count(values)), low, high, result) if node.kind != "uint8" else
        arith.trunci(result, arith.minsi(arith.maxsi(divided(v, count(values)), emit.number(type_, low)), emit.number(type_, high))),
        result, sums, *columns,
    )  # fmt: skip


def divided(x, count):
    """The integer scalar x over count, rounded half away from zero."""
    if isinstance(count.owner, ir.Block):
        half = arith.shrsi(count, emit.number(count.type, 1))
    else:
        half = emit.number(count.type, ir.IntegerAttr(count.owner.attributes["value"]).value // 2)
    is_positive = arith.cmpi(arith.CmpIPredicate.sgt, x, emit.number(x.type, 0))
    return arith.divsi(arith.select(is_positive, arith.addi(x, half), arith.subi(x, half)), count)


def counts_of(found):
    """[height, width, 1]: how many elements of each window are inside of the image."""
    sides = []
    for size, kernel, stride, before, out in zip(found.size, found.kernel, found.strides, found.before, found.out):
        first = numpy.arange(out) * stride - before
        sides.append(numpy.minimum(first + kernel, size) - numpy.maximum(first, 0))
    return numpy.multiply.outer(*sides)[..., None]


@operator("MAX_POOL_2D", "float32", "int8", "uint8", "int16")
def max_pool_2d(node):
    found = windows_of(node)
    x, kind = (node.signed(0)[0], "int8") if node.kind == "uint8" else (node.value(0), node.kind)
    lowest, type_ = _LOWEST[kind], emit.element(kind)
    if kind == "float32":
        return node.activated(pooled(found.padded(x, lowest), found, type_, lowest, linalg.pooling_nhwc_max))
    result = pooled(found.padded(x, lowest), found, type_, lowest, linalg.pooling_nhwc_max)
    low, high = (n - 128 if node.kind == "uint8" else n for n in node.activation_range())
    if (low, high) != quantization.LIMITS[kind]:
        result = emit.elementwise(lambda v: emit.clamp(v, low, high), type_, result)
    return quantization.flipped(result) if node.kind == "uint8" else result


@operator("MEAN", "float32", "int8", "uint8", "int16", "int32")
def mean(node):
    own = node.shape(0)
    axes = sorted({node.axis(a, len(own)) for a in node.integers(1, "axes")})
    count = math.prod(own[a] for a in axes)
    kept = [1 if n in axes else e for n, e in enumerate(own) if node.option("KeepDims", False) or n not in axes]
    if node.kind == "float32":
        total = emit.reduced(node.value(0), axes, 0, arith.addf)
        return emit.reshape(emit.elementwise(lambda x: arith.divf(x, emit.number(x.type, count)), emit.f32(), total), kept)
    total = emit.reduced(node.value(0), axes, 0, lambda x, so_far: arith.addi(_i32(x, node), so_far), emit.i32())
    if node.kind == "int32":
        return emit.reshape(emit.elementwise(lambda x: arith.divsi(x, emit.number(x.type, count)), emit.i32(), total), kept)
    return emit.reshape(_requantized_mean(node, total, count), kept)


def _i32(x, node):
    return x if x.type == emit.i32() else quantization.widened(x, node.inputs[0])


def _requantized_mean(node, total, count):
    """The mean in units of the output: reduce.h's QuantizedMeanOrSum(), which divides by way of the multiplier."""
    source, target = node.inputs[0], node.outputs[0]
    fixed, shift = quantization.multiplier(node.scale(source) / node.scale(target))
    bits = min(count.bit_length() - 1, 32, 31 + shift)
    fixed, shift = (fixed << bits) // count, shift - bits
    low, high = quantization.LIMITS[target.dtype]

    def body(x):
        x = arith.subi(x, emit.number(x.type, source.zero * count))
        x = quantization.double_rounded(x, fixed, shift)
        x = arith.addi(x, emit.number(x.type, target.zero))
        x = arith.minsi(arith.maxsi(x, emit.number(x.type, low)), emit.number(x.type, high))
        return arith.trunci(emit.element(target.dtype), x)

    return emit.elementwise(body, emit.element(target.dtype), total)
