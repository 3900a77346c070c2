"""Activations that are operators of their own."""

from iree.compiler.dialects import arith

from .. import emit, quantization
from ..registry import operator

_LIMITS = {"RELU": quantization.RELU, "RELU6": quantization.RELU6, "RELU_N1_TO_1": quantization.RELU_N1_TO_1}


@operator("RELU RELU6 RELU_N1_TO_1", "float32", "int8", "uint8", "int16")
def relu(node):
    activation, output = _LIMITS[node.name], node.outputs[0]
    if node.kind == "float32":
        return quantization.activated(activation, node.value(0), node)
    source = node.inputs[0]
    pair = quantization.multiplier(node.scale(source) / node.scale(output))
    low, high = quantization.activation_range(activation, output, node)
    type_ = emit.element(output.dtype)

    def body(x):
        x = quantization.widened(x, source)
        x = arith.subi(x, emit.number(x.type, source.zero)) if source.zero else x
        x = quantization.double_rounded(x, *pair)
        x = arith.addi(x, emit.number(x.type, output.zero)) if output.zero else x
        return arith.trunci(type_, emit.clamp(x, low, high))

    return emit.elementwise(body, type_, node.value(0))
