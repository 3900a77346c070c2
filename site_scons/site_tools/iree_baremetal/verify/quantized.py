"""Real values of quantized tensors: real = scale * (element - zero point), as in support/iree_quantize.h."""

import numpy


def quantize(reals, tensor, dtype):
    """The elements, of dtype, next to reals, an array of floats; saturating, halves as the tensor's format rounds them."""
    info, zero = numpy.iinfo(dtype), tensor.zero_point or 0
    steps = numpy.asarray(reals, "f4") / numpy.float32(tensor.scale)
    steps = numpy.where(steps > info.min - zero, numpy.minimum(steps, info.max - zero), info.min - zero)  # of NaN the lowest
    whole = numpy.trunc(steps)
    away = whole + numpy.sign(steps) * (numpy.abs(steps - whole) >= 0.5)
    return ((away if tensor.rounding == "away" else numpy.rint(steps)) + zero).astype(dtype)


def dequantize(elements, tensor):
    """The real values, of single precision, of an array of elements."""
    return numpy.float32(tensor.scale) * (elements.astype("i4") - (tensor.zero_point or 0)).astype("f4")
