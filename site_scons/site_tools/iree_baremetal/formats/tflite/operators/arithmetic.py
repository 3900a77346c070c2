"""Arithmetic of two tensors with broadcasting, beyond sums: products, quotients, extremes, powers."""

import numpy
from iree.compiler.dialects import arith
from iree.compiler.dialects import math as math_ops

from .. import emit, fixed_point, quantization
from ..registry import operator

INTEGERS = ("int32", "int64")


def folded(node, function, dtypes=(*INTEGERS, "float32")):
    """function (NumPy's) of the inputs where they are constants that mean themselves; else None."""
    known = [node.constant(n) for n in range(len(node.inputs))]
    if any(k is None for k in known) or node.kind not in dtypes or node.option("FusedActivationFunction", 0):
        return None
    return numpy.asarray(function(*known), known[0].dtype)


def activated_integers(node, value):
    """value (integers that stand for themselves) with the fused activation."""
    limits = {quantization.RELU: (0, None), quantization.RELU6: (0, 6), quantization.RELU_N1_TO_1: (-1, 1)}
    activation = node.option("FusedActivationFunction", 0)
    if not activation:
        return value
    if activation not in limits:
        raise node.error(f"the fused activation {activation} is not supported with {node.kind}")
    low, high = limits[activation]
    half = 1 << (emit.element(node.kind).width - 1)
    return emit.elementwise(lambda x: emit.clamp(x, low, half - 1 if high is None else high), emit.element(node.kind), value)


def centred(x, tensor):
    """The scalar x, a number of tensor, as i32 without its zero point."""
    x = quantization.widened(x, tensor)
    return arith.subi(x, emit.number(x.type, tensor.zero)) if tensor.zero else x


def narrowed(x, tensor, low, high):
    """The i32 scalar x at tensor's zero point, within numbers, as its type."""
    x = arith.addi(x, emit.number(x.type, tensor.zero)) if tensor.zero else x
    return arith.trunci(emit.element(tensor.dtype), emit.clamp(x, low, high))


@operator("MUL", "float32", "int8", "uint8", "int16", *INTEGERS)
def multiply(node):
    found = folded(node, numpy.multiply)
    if found is not None:
        return found
    if node.kind in ("float32", *INTEGERS):
        times = arith.mulf if node.kind == "float32" else arith.muli
        value = emit.elementwise(times, emit.element(node.kind), node.value(0), node.value(1))
        return node.activated(value) if node.kind == "float32" else activated_integers(node, value)
    (first, second), output = node.inputs[:2], node.outputs[0]
    # mul.cc multiplies the scales as floats.
    scales = [numpy.float32(node.scale(t)) for t in (first, second, output)]
    pair = quantization.multiplier(float(scales[0] * scales[1] / scales[2]))
    low, high = node.activation_range()

    def body(a, b):
        x = arith.muli(centred(a, first), centred(b, second))
        return narrowed(quantization.double_rounded(x, *pair), output, low, high)

    return emit.elementwise(body, emit.element(output.dtype), node.value(0), node.value(1))


@operator("SQUARED_DIFFERENCE", "float32", "int8", "int32")
def squared_difference(node):
    found = folded(node, lambda a, b: (a - b) ** 2)
    if found is not None:
        return found

    def square(x):
        return arith.mulf(x, x) if node.kind == "float32" else arith.muli(x, x)

    if node.kind != "int8":
        minus = arith.subf if node.kind == "float32" else arith.subi
        return emit.elementwise(lambda a, b: square(minus(a, b)), emit.element(node.kind), node.value(0), node.value(1))
    (first, second), output = node.inputs[:2], node.outputs[0]
    largest = 2 * max(node.scale(first), node.scale(second))
    factors = [quantization.multiplier(node.scale(t) / largest) for t in (first, second)]
    factor = quantization.multiplier(largest * largest / (2**14 * node.scale(output)))
    low, high = quantization.LIMITS[output.dtype]

    def body(*scalars):
        sides = []
        for x, tensor, pair in zip(scalars, (first, second), factors):
            x = centred(x, tensor)
            sides.append(quantization.double_rounded(arith.shli(x, emit.number(x.type, 7)), *pair))
        return narrowed(quantization.double_rounded(square(arith.subi(*sides)), *factor), output, low, high)

    return emit.elementwise(body, emit.element(output.dtype), node.value(0), node.value(1))


_EXTREMES = {
    "MAXIMUM": (numpy.maximum, arith.CmpFPredicate.OGT, arith.maxsi, arith.maxui),
    "MINIMUM": (numpy.minimum, arith.CmpFPredicate.OLT, arith.minsi, arith.minui),
}


@operator("MAXIMUM MINIMUM", "float32", "int8", "uint8", "int16", *INTEGERS)
def extreme(node):
    fold, predicate, signed, unsigned = _EXTREMES[node.name]
    found = folded(node, fold)
    if found is not None:
        return found
    if node.kind == "float32":
        body = lambda a, b: arith.select(arith.cmpf(predicate, a, b), a, b)  # noqa: E731
    else:
        body = unsigned if node.kind == "uint8" else signed
    return emit.elementwise(body, emit.element(node.kind), node.value(0), node.value(1))


@operator("DIV", "float32", "int8", "uint8", "int32")
def divide(node):
    if node.kind in ("int8", "uint8"):
        return _quotient(node)
    if node.kind == "float32":
        found = folded(node, numpy.divide)
        return node.activated(emit.elementwise(arith.divf, emit.f32(), node.value(0), node.value(1))) if found is None else found
    return activated_integers(node, emit.elementwise(arith.divsi, emit.i32(), node.value(0), node.value(1)))


def _quotient(node):
    """kernels/internal/reference/div.h: the reciprocal by Newton's method. Where C defines no result, it is that of a division by 1 (over 0), or 0 (shifts above 31)."""
    (first, second), output = node.inputs[:2], node.outputs[0]
    scales = [numpy.float32(node.scale(t)) for t in (first, second, output)]
    fixed, shift = quantization.multiplier(float(scales[0] / (scales[1] * scales[2])))
    low, high = node.activation_range()
    word = emit.i32()
    zero, one, top = (emit.number(word, n) for n in (0, 1, 31))

    def body(a, b):
        a, b = centred(a, first), centred(b, second)
        is_negative = arith.cmpi(arith.CmpIPredicate.slt, b, zero)
        a, b = (arith.select(is_negative, arith.subi(zero, x), x) for x in (a, b))
        b = arith.maxsi(b, one)
        room = arith.subi(math_ops.ctlz(arith.xori(a, arith.shrsi(a, top))), one)  # CountLeadingSignBits()
        x = fixed_point.times(arith.shli(a, room), fixed_point.reciprocal(b))
        count = arith.addi(arith.subi(top, math_ops.ctlz(b)), arith.subi(room, emit.number(word, shift)))
        count = emit.clamp(count, 0, 31)
        x = quantization.rounding_shift(fixed_point.times(x, emit.number(word, fixed)), count)
        return narrowed(x, output, low, high)

    return emit.elementwise(body, emit.element(output.dtype), node.value(0), node.value(1))


@operator("FLOOR_DIV", "float32", "int8", "int16", "int32")
def floor_divide(node):
    found = folded(node, numpy.floor_divide)
    if found is not None:
        return found
    if node.kind == "float32":
        body = lambda a, b: math_ops.floor(arith.divf(a, b))  # noqa: E731
    else:
        body = _as_words(arith.floordivsi)
    return emit.elementwise(body, emit.element(node.kind), node.value(0), node.value(1))


@operator("FLOOR_MOD", "float32", "int8", "int16", *INTEGERS)
def floor_modulo(node):
    found = folded(node, numpy.mod)
    if found is not None:
        return found
    remainder, compare, add = arith.remf, arith.cmpf, arith.addf
    unequal, less = arith.CmpFPredicate.UNE, arith.CmpFPredicate.OLT
    if node.kind != "float32":
        remainder, compare, add = arith.remsi, arith.cmpi, arith.addi
        unequal, less = arith.CmpIPredicate.ne, arith.CmpIPredicate.slt

    def body(a, b):
        rest, zero = remainder(a, b), emit.number(a.type, 0)
        other_sign = arith.xori(compare(less, rest, zero), compare(less, b, zero))
        return arith.select(arith.andi(compare(unequal, rest, zero), other_sign), add(rest, b), rest)

    body = body if node.kind == "float32" else _as_words(body)
    return emit.elementwise(body, emit.element(node.kind), node.value(0), node.value(1))


def _as_words(function):
    """function of two integers, those of 8 and 16 bits as i32, saturated: -128 over -1 is 127."""

    def body(a, b):
        if a.type.width >= 32:
            return function(a, b)
        x = function(*(arith.extsi(emit.i32(), v) for v in (a, b)))
        half = 1 << (a.type.width - 1)
        return arith.trunci(a.type, emit.clamp(x, -half, half - 1))

    return body


@operator("POW", "float32", "int32")
def power(node):
    if node.kind == "int32":
        return emit.elementwise(_integer_power, emit.i32(), node.value(0), node.value(1))
    return emit.elementwise(math_ops.powf, emit.f32(), node.value(0), node.value(1))


def _integer_power(base, exponent):
    """By squares, a turn for each digit of an exponent below 2**5, beyond which only 0, 1 and -1 have a power in 32 bits."""
    word = base.type
    one = emit.number(word, 1)
    odd = arith.andi(exponent, one)
    # What is larger is 30 or 31, as it is even or odd.
    small = arith.select(
        arith.cmpi(arith.CmpIPredicate.sgt, exponent, emit.number(word, 31)), arith.addi(emit.number(word, 30), odd), exponent
    )
    result = one
    for digit in range(5):
        is_set = arith.cmpi(arith.CmpIPredicate.ne, arith.andi(small, emit.number(word, 1 << digit)), emit.number(word, 0))
        result = arith.select(is_set, arith.muli(result, base), result)
        base = arith.muli(base, base)
    return result


@operator("ATAN2", "float32")
def atan2(node):
    def body(y, x):
        zero = emit.number(x.type, 0)
        is_zero = arith.andi(*(arith.cmpf(arith.CmpFPredicate.OEQ, v, zero) for v in (x, y)))
        return arith.select(is_zero, zero, math_ops.atan2(y, x))  # whose approximation has no answer there

    return emit.elementwise(body, emit.f32(), node.value(0), node.value(1))


@operator("ADD_N", "float32", "int32")
def add_n(node):
    body = arith.addf if node.kind == "float32" else arith.addi
    total = node.value(0)
    for n in range(1, len(node.inputs)):
        total = emit.elementwise(body, emit.element(node.kind), total, node.value(n))
    return total
