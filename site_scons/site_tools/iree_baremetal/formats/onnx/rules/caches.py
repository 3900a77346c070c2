"""TensorScatter and MaxUnpool: what stands where, by ScatterElements; CumProd by Scan."""

import math

import numpy as np

from ..node import Refused
from . import rule


@rule("TensorScatter")
def tensor_scatter(graph, node):
    """The update in place of what the cache holds from write_indices on, of each batch; circular: modulo its length."""
    cache, update, start = node.input(0), node.input(1), node.input(2)
    shape, news = graph.shape(cache), graph.shape(update)
    axis = node.get("axis", -2) % len(shape)
    offsets = [-1 if n == axis else 1 for n in range(len(shape))]
    places = graph.constant(np.arange(news[axis]).reshape(offsets), np.int64)
    if start:
        places = graph.add("Add", graph.add("Reshape", start, graph.ints(-1, *[1] * (len(shape) - 1))), places)
    if node.get("mode", "linear") == "circular":
        places = graph.add("Mod", places, graph.constant(shape[axis], np.int64))
    return graph.add("ScatterElements", cache, graph.add("Expand", places, graph.ints(*news)), update, axis=axis)


@rule("MaxUnpool")
def max_unpool(graph, node):
    """Zeros, and each value at its index, counted in the tensor that was pooled."""
    x, indices, shape = node.input(0), node.input(1), graph.shape(node.input(0))
    if shape is None:
        raise Refused("its input's shape is not known; export the model with static shapes.")
    kernel = node.get("kernel_shape")
    strides, pads = node.get("strides") or [1] * len(kernel), node.get("pads") or [0] * 2 * len(kernel)
    pooled = [(s - 1) * t + k - pads[n] - pads[n + len(kernel)] for n, (s, t, k) in enumerate(zip(shape[2:], strides, kernel))]
    pooled = [*shape[:2], *pooled]
    wanted = pooled
    if node.input(2):
        if graph.value(node.input(2)) is None:
            raise Refused("input output_shape is computed at run time; export the model with a constant one.")
        wanted = [int(n) for n in graph.value(node.input(2))]
    if wanted != pooled:
        raise Refused(
            "input output_shape is not the shape that was pooled: ONNX and ONNX Runtime place the values differently. Pad after it."
        )
    empty = graph.constant(np.zeros(math.prod(wanted)), graph.dtype(x))
    flat = [graph.add("Reshape", name, graph.ints(-1)) for name in (indices, x)]
    return graph.add("Reshape", graph.add("ScatterElements", empty, *flat, axis=0), graph.ints(*wanted))


@rule("CumProd")
def cum_prod(graph, node):
    """A Scan over the axis."""
    x, axis, shape = node.input(0), graph.value(node.input(1)), graph.shape(node.input(0))
    if axis is None or shape is None:
        raise Refused("its axis is computed at run time; export the model with a constant one.")
    axis, dtype = int(axis.item()) % len(shape), graph.dtype(x)
    order = [axis, *(n for n in range(len(shape)) if n != axis)]
    x = graph.add("Transpose", x, perm=order)
    turned = graph.constant(np.arange(shape[axis])[::-1], np.int64)
    x = graph.add("Gather", x, turned, axis=0) if node.get("reverse", 0) else x
    body = graph.body()
    before, element = body.argument(dtype, graph.shape(x)[1:]), body.argument(dtype, graph.shape(x)[1:])
    after = body.add("Mul", before, element)
    scanned = body.proto([before, element], [after, before if node.get("exclusive", 0) else after])
    ones = graph.constant(np.ones(graph.shape(x)[1:]), dtype)
    _, y = graph.add("Scan", ones, x, outputs=2, body=scanned, num_scan_inputs=1)
    y = graph.add("Gather", y, turned, axis=0) if node.get("reverse", 0) else y
    return graph.add("Transpose", y, perm=[order.index(n) for n in range(len(shape))])
