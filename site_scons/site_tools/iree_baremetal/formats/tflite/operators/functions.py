"""Functions of one number: of floats as they are, of 8 bits as tables of 256, of 16 bits written out."""

import math

import numpy
from iree.compiler.dialects import arith
from iree.compiler.dialects import math as math_ops

from .. import emit, quantization, tables
from ..registry import operator
from .arithmetic import centred, narrowed


def _elementwise(node, body):
    return emit.elementwise(body, emit.element(node.kind), node.value(0))


@operator("SIN COS FLOOR CEIL ROUND", "float32")
def real_function(node):
    bodies = {
        "SIN": math_ops.sin,
        "COS": math_ops.cos,
        "FLOOR": math_ops.floor,
        "CEIL": math_ops.ceil,
        "ROUND": math_ops.roundeven,
    }
    return _elementwise(node, bodies[node.name])


@operator("SQUARE", "float32")
def square(node):
    return _elementwise(node, lambda x: arith.mulf(x, x))


@operator("NEG", "float32", "int8", "int32", "int64")
def negate(node):
    if node.kind == "float32":
        return _elementwise(node, arith.negf)
    # Of int8, too, the kernel takes the numbers as they are, whatever their zero points.
    return _elementwise(node, lambda x: arith.subi(emit.number(x.type, 0), x))


@operator("SIGN", "float32", "int32")
def sign(node):
    def body(x):
        compare, greater, less = arith.cmpi, arith.CmpIPredicate.sgt, arith.CmpIPredicate.slt
        if node.kind == "float32":
            compare, greater, less = arith.cmpf, arith.CmpFPredicate.OGT, arith.CmpFPredicate.OLT
        zero, one, minus = (emit.number(x.type, n) for n in (0, 1, -1))
        return arith.select(compare(greater, x, zero), one, arith.select(compare(less, x, zero), minus, zero))

    return _elementwise(node, body)


@operator("ABS", "float32", "int8", "int16", "int32")
def absolute(node):
    if node.kind in ("float32", "int32"):
        return _elementwise(node, math_ops.absf if node.kind == "float32" else math_ops.absi)
    source, output = node.inputs[0], node.outputs[0]
    pair = _ratio(node, numpy.float32(1))
    if node.kind == "int8":
        return tables.looked_up(
            node, tables.limited(output, [tables.scaled(abs(n), *pair) for n in tables.numbers(source).tolist()])
        )

    def body(x):
        return narrowed(
            quantization.double_rounded(math_ops.absi(centred(x, source)), *pair), output, *quantization.LIMITS[output.dtype]
        )

    return emit.elementwise(body, emit.element(output.dtype), node.value(0))


def _ratio(node, factor):
    """The multiplier from the input's scale, times factor, to the output's; the quotient is one of floats."""
    return quantization.multiplier(
        float(numpy.float32(node.scale(node.inputs[0])) * factor / numpy.float32(node.scale(node.outputs[0])))
    )


def _roots(node):
    """tensorflow/lite/kernels/elementwise.cc: RSQRT of 8 bits by Newton's method."""
    source, output = node.inputs[0], node.outputs[0]
    scale = 1 / float(numpy.sqrt(numpy.float32(node.scale(source))) * numpy.float32(node.scale(output)))
    fixed, shift = quantization.multiplier(scale)
    low, high = quantization.LIMITS[output.dtype]

    def entry(x):
        if x <= 0:
            return high - output.zero
        root, exponent = tables.inverse_root(x)
        return tables.scaled(tables.scaled(1, root, exponent + 20), fixed, shift - 20)

    return tables.limited(output, [entry(x) for x in tables.numbers(source).tolist()])


def _of_words(node, function):
    """A function of int16, interpolated between 513 of its values."""
    ranges = [
        [numpy.float32(node.scale(t)) * numpy.float32(n - t.zero) for n in quantization.LIMITS["int16"]]
        for t in (node.inputs[0], node.outputs[0])
    ]
    table = emit.constant(tables.steps(function, *ranges))

    def body(x):
        x = tables.interpolated(table, arith.extsi(emit.i32(), x))
        return arith.trunci(emit.element("int16"), x)

    return emit.elementwise(body, emit.element("int16"), node.value(0))


@operator("EXP", "float32", "int8", "int16")
def power(node):
    if node.kind == "float32":
        return _elementwise(node, math_ops.exp)
    return tables.looked_up(node, tables.of_function(node, numpy.exp)) if node.kind == "int8" else _of_words(node, numpy.exp)


@operator("LOG", "float32", "int8", "int16")
def logarithm(node):
    if node.kind == "float32":
        return _elementwise(node, math_ops.log)
    output = node.outputs[0]
    lowest = numpy.float32(node.scale(output)) * numpy.float32(quantization.LIMITS[node.kind][0] - output.zero)

    def function(x):
        with numpy.errstate(all="ignore"):
            return numpy.where(x > 0, numpy.log(x), lowest)

    return tables.looked_up(node, tables.of_function(node, function)) if node.kind == "int8" else _of_words(node, function)


@operator("SQRT RSQRT", "float32", "int8")
def root(node):
    if node.kind == "float32":
        return _elementwise(node, {"SQRT": math_ops.sqrt, "RSQRT": math_ops.rsqrt}[node.name])
    return tables.looked_up(
        node, _roots(node) if node.name == "RSQRT" else tables.of_function(node, numpy.sqrt, is_rounded=False)
    )


def _elu(x):
    return arith.select(_is_negative(x), math_ops.expm1(x), x)


def _is_negative(x):
    return arith.cmpf(arith.CmpFPredicate.OLT, x, emit.number(x.type, 0))


@operator("ELU", "float32", "int8")
def elu(node):
    if node.kind == "float32":
        return _elementwise(node, _elu)
    return tables.looked_up(node, tables.of_function(node, lambda x: numpy.where(x < 0, numpy.expm1(x), x)))


def _gelu_table(is_near):
    if is_near:
        return lambda x: 0.5 * x * (1 + numpy.tanh(numpy.float32(math.sqrt(2 / math.pi)) * (x + numpy.float32(0.044715) * x**3)))
    return lambda x: 0.5 * x * (1 + numpy.vectorize(math.erf)(x * math.sqrt(0.5)))


@operator("GELU", "float32", "int8", "uint8")
def gelu(node):
    is_near = node.option("Approximate", False)
    if node.kind != "float32":
        return tables.looked_up(node, tables.of_function(node, _gelu_table(is_near)))

    def body(x):
        one, half = emit.number(x.type, 1), emit.number(x.type, 0.5)
        if is_near:
            cube = arith.mulf(emit.number(x.type, 0.044715), arith.mulf(x, arith.mulf(x, x)))
            inner = math_ops.tanh(arith.mulf(emit.number(x.type, math.sqrt(2 / math.pi)), arith.addf(x, cube)))
        else:
            inner = math_ops.erf(arith.mulf(x, emit.number(x.type, math.sqrt(0.5))))
        return arith.mulf(arith.mulf(half, x), arith.addf(one, inner))

    return _elementwise(node, body)


@operator("LEAKY_RELU", "float32", "int8", "uint8", "int16")
def leaky_relu(node):
    alpha = numpy.float32(node.option("Alpha", 0.0))
    if node.kind == "float32":
        return _elementwise(node, lambda x: arith.select(_is_negative(x), arith.mulf(x, emit.number(x.type, alpha)), x))
    source, output = node.inputs[0], node.outputs[0]
    identity, slope = _ratio(node, numpy.float32(1)), _ratio(node, alpha)
    if node.kind != "int16":
        values = [tables.scaled(x, *(identity if x >= 0 else slope)) for x in tables.numbers(source).tolist()]
        return tables.looked_up(node, tables.limited(output, values))

    def body(x):
        x = centred(x, source)
        is_negative = arith.cmpi(arith.CmpIPredicate.slt, x, emit.number(x.type, 0))
        x = arith.select(is_negative, quantization.double_rounded(x, *slope), quantization.double_rounded(x, *identity))
        return narrowed(x, output, *quantization.LIMITS[output.dtype])

    return emit.elementwise(body, emit.element(output.dtype), node.value(0))


@operator("PRELU", "float32", "int8", "uint8")
def prelu(node):
    if node.kind == "float32":

        def real(x, alpha):
            return arith.select(_is_negative(x), arith.mulf(x, alpha), x)

        return emit.elementwise(real, emit.f32(), node.value(0), node.real(1))
    (source, alpha), output = node.inputs[:2], node.outputs[0]
    identity, slope = _ratio(node, numpy.float32(1)), _ratio(node, numpy.float32(node.scale(alpha)))

    def body(x, a):
        x, a = centred(x, source), centred(a, alpha)
        is_negative = arith.cmpi(arith.CmpIPredicate.slt, x, emit.number(x.type, 0))
        x = arith.select(
            is_negative, quantization.double_rounded(arith.muli(x, a), *slope), quantization.double_rounded(x, *identity)
        )
        return narrowed(x, output, *quantization.LIMITS[output.dtype])

    return emit.elementwise(body, emit.element(output.dtype), node.value(0), node.value(1))


def _word(x):
    """x as an int16 number of C's, saturated."""
    return max(-(2**15), min(2**15 - 1, x))


def _high_word(a, b):
    """SaturatingRoundingDoublingHighMul() of int16."""
    product = a * b
    nudged = product + (1 << 14 if product >= 0 else 1 - (1 << 14))
    return _word(nudged >> 15 if nudged >= 0 else -(-nudged >> 15))


def _word_multiplier(real):
    """(multiplier of 16 bits, shift): DownScaleInt32ToInt16Multiplier() of QuantizeMultiplier()."""
    fixed, shift = quantization.multiplier(real)
    return (2**15 - 1 if fixed >= 2**31 - 2**15 else (fixed + 2**15) >> 16), shift


def _hard_swish(node):
    """kernels/internal/reference/hard_swish.h: in 16 bits."""
    source, output = node.inputs[0], node.outputs[0]
    fine = numpy.float32(1 / 128) * numpy.float32(node.scale(source))
    relu, up = _word_multiplier(float(fine / numpy.float32(3 / 32768)))
    out, shift = _word_multiplier(float(fine / numpy.float32(node.scale(output))))

    def entry(x):
        fine = x * 128
        gate = _word(fine << up - 1) if up > 0 else fine
        gate = _high_word(gate, relu)
        gate = _word(gate << 1) if up > 0 else tables.rounding_shift(gate, -up)
        gate = (gate + 2**15) >> 1
        product = gate * _high_word(fine, out)
        product = _word(product >> 15 if product >= 0 else -(-product >> 15))
        return tables.rounding_shift(product, -shift) if shift <= 0 else _word(product << shift)

    return tables.limited(output, [entry(x) for x in tables.numbers(source).tolist()])


@operator("HARD_SWISH", "float32", "int8", "uint8")
def hard_swish(node):
    if node.kind != "float32":
        return tables.looked_up(node, _hard_swish(node))

    def body(x):
        gate = quantization.clamped(arith.addf(x, emit.number(x.type, 3)), 0, 6)
        return arith.mulf(arith.mulf(x, gate), emit.number(x.type, 1 / 6))

    return _elementwise(node, body)
