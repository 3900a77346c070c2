"""TRANSPOSE_CONV: each element of the input spreads the weights over the output."""

import copy

import numpy
from iree.compiler.dialects import linalg

from .. import emit
from ..registry import operator
from . import products


@operator("TRANSPOSE_CONV", *products.KINDS, of=2)
def transpose_conv(node):
    # Streaming models compute the shape, which their file knows all the same.
    wanted = list(node.outputs[0].shape) if node.constant(0) is None else node.integers(0, "shape")
    weights, own = node.shape(1), node.shape(2)
    if len(wanted) != 4 or len(weights) != 4 or len(own) != 4 or weights[3] != own[3]:
        raise node.error(f"its input has the shape {own}, its weights {weights}, its result {wanted}")
    sides = [
        _side(node, *s) for s in zip(own[1:3], weights[1:3], (node.option("StrideH", 1), node.option("StrideW", 1)), wanted[1:3])
    ]
    strides, before, after = zip(*sides)

    def multiply(x, kernel, fill, type_):
        x = _resized(_spread(x, strides, fill), before, after, fill)
        start = emit.filled([own[0], *wanted[1:3], weights[0]], type_, 0)
        return linalg.conv_2d_nhwc_hwcf(x, kernel, outs=[start], strides=[1, 1], dilations=[1, 1])

    ordered = copy.copy(node)  # with the operands of a convolution, as `product` takes them
    ordered.inputs = [node.inputs[2], node.inputs[1], *node.inputs[3:]]
    return products.product(
        ordered, multiply, lambda w: numpy.ascontiguousarray(w[:, ::-1, ::-1].transpose(1, 2, 3, 0)), (1, 2, 3)
    )


def _side(node, size, kernel, stride, out):
    """(stride, padding before, after) of an axis, with which a convolution of the input, spread by stride, gives out."""
    if stride < 1:
        raise node.error(f"its stride is {stride}")
    is_same = node.option("Padding", 0) == 0
    expected = -(-out // stride) if is_same else (out + stride - kernel) // stride
    cut = max((expected - 1) * stride + kernel - out, 0) // 2 if is_same else 0
    before = kernel - 1 - cut
    return stride, before, out + kernel - 1 - before - ((size - 1) * stride + 1)


def _spread(x, strides, fill):
    """x [batch, height, width, channels] with strides - 1 elements of fill between rows, and between columns."""
    if max(strides) == 1:
        return x
    batch, height, width, depth = emit.shape(x)
    down, across = strides
    x = emit.reshape(x, [batch, height, 1, width, 1, depth])
    x = emit.pad(x, [0] * 6, [0, 0, down - 1, 0, across - 1, 0], fill)
    x = emit.reshape(x, [batch, height * down, width * across, depth])
    return emit.extract(x, [0] * 4, [batch, (height - 1) * down + 1, (width - 1) * across + 1, depth])


def _resized(x, before, after, fill):
    """x padded by before and after on its two middle axes; cut where they are negative."""
    batch, *sizes, depth = emit.shape(x)
    offsets = [max(-b, 0) for b in before]
    kept = [n - o - max(-a, 0) for n, o, a in zip(sizes, offsets, after)]
    x = emit.extract(x, [0, *offsets, 0], [batch, *kept, depth])
    return emit.pad(x, [0, *(max(b, 0) for b in before), 0], [0, *(max(a, 0) for a in after), 0], fill)
