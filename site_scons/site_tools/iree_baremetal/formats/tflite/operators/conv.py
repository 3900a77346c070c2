"""Convolutions. Images are [batch, height, width, channels]."""

import numpy
from iree.compiler.dialects import linalg

from .. import emit
from ..registry import operator
from . import products, windows


@operator("CONV_2D", *products.KINDS)
def conv_2d(node):
    extents, (channels, height, width, depth) = _image(node), node.shape(1)
    if extents[3] % depth or channels % (extents[3] // depth):
        raise node.error(f"its weights are for {depth} channels, its input has {extents[3]}")
    found, groups = windows.of(node, extents, [height, width]), extents[3] // depth

    def multiply(x, weights, fill, type_):
        x = found.padded(x, fill)
        if groups > 1:
            return _grouped(x, weights, found, groups, type_)
        start = emit.filled([extents[0], *found.out, channels], type_, 0)
        return linalg.conv_2d_nhwc_hwcf(x, weights, outs=[start], **found.named())

    # [channels, height, width, depth] as [height, width, depth, channels]
    return products.product(node, multiply, products.transposed(1, 2, 3, 0), (1, 2, 3))


def _image(node):
    extents = node.shape(0)
    if len(extents) != 4 or len(node.shape(1)) != 4:
        raise node.error(f"its input has the shape {extents}, its weights {node.shape(1)}; four dimensions each are supported")
    return extents


def _grouped(x, weights, found, groups, type_):
    """Groups of channels, each with weights of its own."""
    batch, height, width, depth = emit.shape(x)
    x = emit.reshape(x, [batch, height, width, groups, depth // groups])
    kernel = emit.shape(weights)
    weights = emit.reshape(weights, [*kernel[:3], groups, kernel[3] // groups])
    n, row, column, group, channel, down, across, inner = emit.dims(8)
    place = [p * s + k * d for p, s, k, d in zip((row, column), found.strides, (down, across), found.dilations)]
    start = emit.filled([batch, *found.out, groups, kernel[3] // groups], type_, 0)
    sums = emit.generic(
        [x, weights], [[n, *place, group, inner], [down, across, inner, group, channel]], start, multiply_add, "pppppRRR".lower()
    )
    return emit.reshape(sums, [batch, *found.out, kernel[3]])


def multiply_add(a, b, total):
    """total + a * b, a and b widened to total's type."""
    from iree.compiler.dialects import arith

    if total.type == emit.f32():
        return arith.addf(total, arith.mulf(a, b))
    a, b = (v if v.type == total.type else arith.extsi(total.type, v) for v in (a, b))
    return arith.addi(total, arith.muli(a, b))


@operator("DEPTHWISE_CONV_2D", *products.KINDS)
def depthwise_conv_2d(node):
    extents, (_, height, width, channels) = _image(node), node.shape(1)
    depth = extents[3]
    if channels % depth:
        raise node.error(f"its weights are for {channels} channels, its input has {depth}")
    found, times = windows.of(node, extents, [height, width]), channels // depth

    def multiply(x, weights, fill, type_):
        x = found.padded(x, fill)
        if times == 1:
            start = emit.filled([extents[0], *found.out, channels], type_, 0)
            return linalg.depthwise_conv_2d_nhwc_hwc(x, weights, outs=[start], **found.named())
        start = emit.filled([extents[0], *found.out, depth, times], type_, 0)
        sums = linalg.depthwise_conv_2d_nhwc_hwcm(x, weights, outs=[start], **found.named())
        return emit.reshape(sums, [extents[0], *found.out, channels])

    shape = [height, width, channels] if times == 1 else [height, width, depth, times]
    return products.product(node, multiply, lambda weights: numpy.reshape(weights, shape), (0, 1, 2))
