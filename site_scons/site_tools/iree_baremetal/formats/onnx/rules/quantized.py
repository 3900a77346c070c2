"""QLinear operators as DequantizeLinear, the operator on floats, QuantizeLinear.

IREE's own lowerings of them forget the weights' scales per channel (torch-mlir pull request 4645), signs, and
zero points of operands of more than two dimensions.
"""

import numpy as np

from . import rule


def dequantized(graph, name, scale, zero, axis=None):
    """The floats of a quantized tensor; axis: of scales per channel."""
    sizes = graph.shape(scale)
    return graph.add("DequantizeLinear", name, scale, zero, axis=axis if sizes and np.prod(sizes) > 1 else None)


@rule("QLinearConv")
def qlinear_conv(graph, node):
    """Conv; the bias is of scale x_scale * w_scale, zero point 0 (ONNX, QLinearConv, input B)."""
    x, xs, xz, w, ws, wz, ys, yz = node.inputs[:8]
    operands = [dequantized(graph, x, xs, xz), dequantized(graph, w, ws, wz, axis=0)]
    if node.input(8):
        scale = graph.add("Mul", xs, ws)
        operands.append(graph.add("DequantizeLinear", node.input(8), scale, axis=0))
    return graph.add("QuantizeLinear", graph.add("Conv", *operands, **node.attributes), ys, yz)


@rule("QLinearMatMul")
def qlinear_matmul(graph, node):
    """MatMul; scales are per tensor, or per row of a and column of b."""
    a, az, azp, b, bs, bz, ys, yz = node.inputs[:8]
    rank_a, rank_b = len(graph.shape(a)), len(graph.shape(b))
    product = graph.add("MatMul", dequantized(graph, a, az, azp, rank_a - 2), dequantized(graph, b, bs, bz, rank_b - 1))
    return graph.add("QuantizeLinear", product, ys, yz)
