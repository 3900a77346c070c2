"""Between real and quantized numbers, and from one quantization to another."""

from iree.compiler.dialects import arith
from iree.compiler.dialects import math as math_ops

from .. import emit, quantization
from ..registry import operator


@operator("DEQUANTIZE", "int8", "uint8", "int16", "float16")
def dequantize(node):
    source, known = node.inputs[0], node.constant(0)
    if known is not None:
        return quantization.dequantized(known, source)
    if node.kind == "float16":
        return emit.elementwise(lambda x: arith.extf(emit.f32(), x), emit.f32(), node.value(0))
    scale = node.scale(source)

    def body(x):
        x = arith.subi(quantization.widened(x, source), emit.number(emit.i32(), source.zero))
        return arith.mulf(arith.sitofp(emit.f32(), x), emit.number(emit.f32(), scale))

    return emit.elementwise(body, emit.f32(), node.value(0))


@operator("QUANTIZE", "float32", "int8", "uint8", "int16", "int32")
def quantize(node):
    source, output = node.inputs[0], node.outputs[0]
    low, high = quantization.LIMITS[output.dtype]
    type_, scale = emit.element(output.dtype), node.scale(output)
    if node.kind == "float32":
        return emit.elementwise(lambda x: _rounded(x, scale, output.zero, low, high, type_), type_, node.value(0))
    pair = quantization.multiplier(node.scale(source) / scale)

    def body(x):
        x = x if source.dtype == "int32" else quantization.widened(x, source)
        x = arith.subi(x, emit.number(x.type, source.zero)) if source.zero else x
        x = quantization.double_rounded(x, *pair)
        x = arith.addi(x, emit.number(x.type, output.zero)) if output.zero else x
        x = emit.clamp(x, low, high)
        return x if x.type == type_ else arith.trunci(type_, x)

    return emit.elementwise(body, type_, node.value(0))


def _rounded(x, scale, zero, low, high, type_):
    """The float scalar x over scale, rounded half away from zero, at zero, within (low, high)."""
    x = math_ops.round(arith.divf(x, emit.number(x.type, scale)))
    x = quantization.clamped(x, low - zero, high - zero)  # before the conversion, which does not saturate
    x = arith.addi(arith.fptosi(emit.i32(), x), emit.number(emit.i32(), zero))
    return x if x.type == type_ else arith.trunci(type_, x)
