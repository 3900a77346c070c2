"""QLinear operators as DequantizeLinear, the operator on floats, QuantizeLinear.

IREE's own lowerings of them forget the weights' scales per channel (torch-mlir pull request 4645), signs, and
zero points of operands of more than two dimensions.
"""

import numpy as np
from onnx import TensorProto, helper

from ..node import Refused
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


@rule("DequantizeLinear", "QuantizeLinear")
def quantization_axes(graph, node):
    """One scale for each block along an axis, by arithmetic; an axis that a tensor has not, as tf2onnx writes it."""
    x, scale, zero = node.input(0), node.input(1), node.input(2)
    shape, scales = graph.shape(x), graph.shape(scale)
    if shape is None or scales is None:
        return None
    axis, block = node.get("axis", 1), node.get("block_size", 0)
    if block:
        return _blocked(graph, node, shape, axis % len(shape), block)
    if np.prod(scales) > 1 and not -len(shape) <= axis < len(shape):
        if len(shape) != 1 or scales != shape:
            raise Refused(
                f"attribute axis: {axis}, of a tensor of {len(shape)} dimensions. Export the model with the axis of its channels."
            )
        return graph.add(node.op, *node.inputs, **{**node.attributes, "axis": 0})
    if node.op == "DequantizeLinear" and graph.dtype(x) == TensorProto.UINT16:
        return _dequantize(graph, x, *_aligned(graph, (scale, zero), scales, shape, axis))
    return None


def _aligned(graph, names, scales, shape, axis):
    """Scales per channel, shaped to be broadcast over a tensor."""
    if len(scales) != 1 or scales == (1,):
        return names
    extents = graph.ints(*[-1 if n == axis % len(shape) else 1 for n in range(len(shape))])
    return [name and graph.add("Reshape", name, extents) for name in names]


def _dequantize(graph, x, scale, zero):
    dtype = graph.dtype(scale)
    x = graph.add("Cast", x, to=dtype)
    return graph.add("Mul", graph.add("Sub", x, graph.add("Cast", zero, to=dtype)) if zero else x, scale)


def _blocked(graph, node, shape, axis, block):
    spread = graph.constant(np.arange(shape[axis]) // block, np.int64)
    scale, zero = (name and graph.add("Gather", name, spread, axis=axis) for name in (node.input(1), node.input(2)))
    if node.op == "DequantizeLinear":
        return _dequantize(graph, node.input(0), scale, zero)
    dtype = graph.dtype(node.input(2)) if zero else node.get("output_dtype", 0) or TensorProto.UINT8
    limits = np.iinfo(helper.tensor_dtype_to_np_dtype(dtype))
    real = graph.dtype(scale)
    y = graph.add("Round", graph.add("Div", node.input(0), scale))
    y = graph.add("Add", y, graph.add("Cast", zero, to=real)) if zero else y
    y = graph.add("Clip", y, graph.constant(limits.min, real), graph.constant(limits.max, real))
    return graph.add("Cast", y, to=dtype)
