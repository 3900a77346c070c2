"""Activations that are operators of their own."""

from iree.compiler.dialects import arith

from .. import emit, quantization
from ..registry import operator

_LIMITS = {"RELU": (0, None), "RELU6": (0, 6), "RELU_N1_TO_1": (-1, 1), "RELU_0_TO_1": (0, 1)}


@operator("RELU RELU6 RELU_N1_TO_1 RELU_0_TO_1", "float32", "int8", "uint8", "int16")
def relu(node):
    limits, output = _LIMITS[node.name], node.outputs[0]
    if node.kind == "float32":
        return emit.elementwise(lambda x: quantization.clamped(x, *limits), emit.element_of(node.value(0)), node.value(0))
    source = node.inputs[0]
    pair = quantization.multiplier(node.scale(source) / node.scale(output))
    low, high = quantization.range_within(limits, output, node)
    type_ = emit.element(output.dtype)

    def body(x):
        x = quantization.widened(x, source)
        x = arith.subi(x, emit.number(x.type, source.zero)) if source.zero else x
        x = quantization.double_rounded(x, *pair)
        x = arith.addi(x, emit.number(x.type, output.zero)) if output.zero else x
        return arith.trunci(type_, emit.clamp(x, low, high))

    return emit.elementwise(body, type_, node.value(0))
