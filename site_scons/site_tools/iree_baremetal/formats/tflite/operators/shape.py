"""Operators that only move elements."""

import math

import numpy

from .. import emit, quantization, tables
from ..registry import operator


@operator("RESHAPE")
def reshape(node):
    wanted = node.integers(1, "shape") if node.has(1) else node.option("NewShape", [])
    size, known = math.prod(node.shape(0)), math.prod(n for n in wanted if n != -1)
    if (
        wanted.count(-1) > 1
        or any(n < -1 for n in wanted)
        or (-1 in wanted and (not known or size % known))
        or (-1 not in wanted and known != size)
    ):
        raise node.error(f"its input, of shape {node.shape(0)}, cannot have the shape {wanted}")
    extents = [size // known if n == -1 else n for n in wanted]
    found = node.constant(0)
    return emit.reshape(node.value(0), extents) if found is None else found.reshape(extents)


@operator("PAD PADV2")
def pad(node):
    widths = node.array(1, "paddings").astype("i8")
    if widths.shape != (len(node.shape(0)), 2) or (widths < 0).any():
        raise node.error(f"its paddings are {widths.tolist()}, its input has the shape {node.shape(0)}")
    fill = node.array(2, "number").reshape(-1)[0] if node.has(2) else node.inputs[0].zero if node.inputs[0].is_quantized else 0
    return emit.pad(
        node.value(0), widths[:, 0].tolist(), widths[:, 1].tolist(), fill.item() if isinstance(fill, numpy.generic) else fill
    )


def _is_rescaled(node, number):
    tensor, output = node.inputs[number], node.outputs[0]
    return tensor.is_quantized and (tensor.scale, tensor.zero) != (output.scale, output.zero)


def _rescaled(node, number):
    """Input number in units of the output: ConcatenationWithScaling(), in floats, of uint8 only."""
    tensor, output = node.inputs[number], node.outputs[0]
    if tensor.dtype != "uint8":
        raise node.error(f"{tensor.label} is of another scale or zero point than the result")
    scale = numpy.float32(node.scale(tensor)) * (numpy.float32(1) / numpy.float32(node.scale(output)))
    real = numpy.arange(256).astype("f4") * scale + numpy.float32(-tensor.zero) * scale
    return tables.looked_up(
        node, tables.limited(output, numpy.trunc(real + numpy.copysign(numpy.float32(0.5), real)).astype("i4")), number
    )


@operator("CONCATENATION")
def concatenation(node):
    known = [node.constant(n) for n in range(len(node.inputs))]
    axis = node.axis(node.option("Axis", 0), len(node.shape(0)))
    if all(k is not None for k in known) and not any(_is_rescaled(node, n) for n in range(len(known))):
        return numpy.concatenate(known, axis)
    value = emit.concatenate([_rescaled(node, n) if _is_rescaled(node, n) else node.value(n) for n in range(len(known))], axis)
    return quantization.activated(node.option("FusedActivationFunction", 0), value, node) if node.kind == "float32" else value
