"""What convolutions and FULLY_CONNECTED have in common: their operands, and what becomes of the sums."""

import numpy
from iree.compiler.dialects import arith

from .. import emit, rescale

KINDS = ("float32", "int8", "uint8", "int16")


def product(node, multiply, arrange, axes, fold=None):
    """The result of a product of input 0 with the weights, input 1, and the bias, input 2.

    multiply(x, weights, fill, type_) gives the sums, of elements of type_, channels last; padding is of the number fill.
    arrange(weights) gives the weights, an array, as multiply wants them. axes: those of the weights as the file has
    them that are summed over; the others, flattened, are the channels.
    """
    if node.kind == "float32":
        return _floats(node, multiply, arrange)
    weights, zeros = node.signed_array(1)
    x, zero = node.signed(0)
    if zeros.any():
        weights, x = _centred(weights, zeros, node.inputs[1].axis).astype("i2"), _words(x)
    is_single = node.name == "FULLY_CONNECTED"
    is_wide = node.kind == "int16" and (not is_single or _may_be_long(weights, axes))
    type_ = emit.i64() if is_wide else emit.i32()
    sums = multiply(x, emit.constant(arrange(weights)), zero, type_)
    bias = -zero * weights.astype("i8").sum(axes).reshape(-1)
    if node.has(2):
        bias = bias + node.array(2, "bias")
    if node.kind != "int16":
        bias = (bias + 2**31) % 2**32 - 2**31  # as i32 has it
    return rescale.requantize(node, sums, scales(node), bias if bias.any() else None, single=is_single)


def _may_be_long(weights, axes):
    """Whether a sum of products with int16 may take more than 32 bits."""
    return bool((abs(weights.astype("i8")).sum(axes) << 15 >= 2**31).any())


def scales(node):
    """What a unit of the sums is in units of the output, for all or for each channel."""
    source, weights = node.scale(node.inputs[0]), node.inputs[1]
    if not len(weights.scales):
        raise node.error(f"its weights, {weights.label}, are not quantized, but its input is")
    return source * weights.scales.astype("f8") / node.scale(node.outputs[0])


def _centred(weights, zeros, axis):
    extents = [1] * weights.ndim
    extents[axis] = len(zeros)
    return weights.astype("i8") - (zeros.reshape(extents) if len(zeros) > 1 else zeros[0])


def _words(x):
    """i8 as i16."""
    type_ = emit.element("int16")
    return x if emit.element_of(x) == type_ else emit.elementwise(lambda v: arith.extsi(type_, v), type_, x)


def _floats(node, multiply, arrange):
    weights = node.constant(1)
    if weights is None:
        raise node.error(f"its weights, {node.inputs[1].label}, are computed; they have to be constant")
    sums = multiply(node.value(0), emit.constant(arrange(node.real_array(1))), 0, emit.f32())
    if node.has(2):
        sums = emit.elementwise(arith.addf, emit.f32(), sums, node.real(2))
    return node.activated(sums)


def transposed(*axes):
    """arrange() that transposes."""
    return lambda weights: numpy.ascontiguousarray(weights.transpose(axes))
