"""Operators whose result is known when the model is imported: shapes, and tensors of one number."""

import numpy

from .. import emit
from ..registry import operator

_NUMPY = {"bool": "?"}


def _dtype(tensor):
    return numpy.dtype(_NUMPY.get(tensor.dtype, tensor.dtype))


@operator("SHAPE")
def shape(node):
    return numpy.array(node.shape(0), _dtype(node.outputs[0]))


@operator("RANK")
def rank(node):
    return numpy.array(len(node.shape(0)), _dtype(node.outputs[0]))


@operator("ZEROS_LIKE")
def zeros_like(node):
    return numpy.zeros(node.shape(0), _dtype(node.outputs[0]))


@operator("FILL", of=1)
def fill(node):
    extents, found = node.integers(0, "shape"), node.constant(1)
    if any(e < 0 for e in extents):
        raise node.error(f"its shape is {extents}")
    if found is not None:
        return numpy.full(extents, found.reshape(-1)[0], found.dtype)
    value = node.value(1)
    return emit.generic(
        [emit.reshape(value, [])], [[]], emit.empty(extents, emit.element_of(value)), lambda x, _: x, "p" * len(extents)
    )


@operator("RANGE")
def range_(node):
    start, limit, delta = (node.array(n, what).reshape(-1)[0] for n, what in enumerate(("start", "limit", "delta")))
    if delta == 0:
        raise node.error("its step is 0")
    dtype = _dtype(node.outputs[0])
    count = max(0, int(numpy.ceil((limit.astype("f8") - start) / delta)))
    if dtype.kind == "f":
        return (start + numpy.arange(count, dtype=dtype) * delta).astype(dtype)
    return (int(start) + int(delta) * numpy.arange(count)).astype(dtype)


@operator("BROADCAST_ARGS")
def broadcast_args(node):
    return numpy.array(numpy.broadcast_shapes(node.integers(0, "shape"), node.integers(1, "shape")), _dtype(node.outputs[0]))


@operator("DENSIFY")
def densify(node):
    return node.array(0, "weights")  # dense already: reading.py
