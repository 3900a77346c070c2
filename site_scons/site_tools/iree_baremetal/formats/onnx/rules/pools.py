"""Pools: padding, windows that only ceil_mode adds, dilations and indices are made explicit.

IREE's importer divides the windows that ceil_mode adds by the wrong count (iree issue 24580), compares uint8
as int8, pads integers by 0, and gives indices of padded tensors.
"""

import math
from dataclasses import dataclass

import numpy as np
from onnx import TensorProto, helper

from ..node import Refused
from . import rule

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)


@dataclass
class Axis:
    """A spatial axis of a pool: extents in elements; after is the padding that its last window needs."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    declared: int  # the padding at the end that the node asks for
    windows: int

    @property
    def after(self):
        reach = (self.windows - 1) * self.stride + (self.kernel - 1) * self.dilation + 1
        return max(reach - self.size - self.before, 0)

    def positions(self):
        """Where each window's elements are, before padding: [windows, kernel]."""
        starts = np.arange(self.windows) * self.stride - self.before
        return starts[:, None] + np.arange(self.kernel) * self.dilation


def axes_of(graph, node):
    """The spatial axes of a pool's node (ONNX, MaxPool, the text of its output shape)."""
    shape = graph.shape(node.input(0))
    if shape is None:
        raise Refused("its input's shape is not known; export the model with static shapes.")
    sizes, kernels = shape[2:], node.get("kernel_shape")
    count = len(sizes)
    strides, dilations = node.get("strides") or [1] * count, node.get("dilations") or [1] * count
    pads, auto, ceil = node.get("pads") or [0] * 2 * count, node.get("auto_pad", "NOTSET"), node.get("ceil_mode", 0)
    found = []
    for n, (size, kernel, stride, dilation) in enumerate(zip(sizes, kernels, strides, dilations)):
        reach, before, after = (kernel - 1) * dilation + 1, pads[n], pads[n + count]
        if auto in ("SAME_UPPER", "SAME_LOWER"):
            total = max((-(-size // stride) - 1) * stride + reach - size, 0)
            before = (total + (auto == "SAME_LOWER")) // 2
            after = total - before
        elif auto == "VALID":
            before = after = 0
        room = size + before + after - reach
        windows = (-(-room // stride) if ceil else room // stride) + 1
        if ceil and (windows - 1) * stride >= size + before:
            windows -= 1
        found.append(Axis(size, kernel, stride, dilation, before, after, windows))
    return found


def padded(graph, x, axes, fill):
    """x, padded so that all windows are within it."""
    pads = [0, 0, *(a.before for a in axes), 0, 0, *(a.after for a in axes)]
    return graph.add("Pad", x, graph.ints(*pads), graph.constant(fill, graph.dtype(x))) if any(pads) else x


def _window(axes, dilated=True):
    return {
        "kernel_shape": [a.kernel for a in axes],
        "strides": [a.stride for a in axes],
        "dilations": [a.dilation for a in axes] if dilated else None,
    }


def _plain(node, axes):
    """Whether the importer reads the node rightly: padding alike on both sides, no windows by ceil_mode."""
    return not node.get("ceil_mode", 0) and all(a.before == a.declared for a in axes)


@rule("MaxPool")
def max_pool(graph, node):
    """uint8 as int8; padding by the smallest value; the second output by ArgMax over the windows."""
    x, axes, dtype = node.input(0), axes_of(graph, node), graph.dtype(node.input(0))
    if node.wants(1):
        return _max_pool_indices(graph, node, axes)
    if dtype == TensorProto.UINT8:
        return _shifted(graph, graph.add("MaxPool", _shifted(graph, x, -128, TensorProto.INT8), **node.attributes), 128, dtype)
    if _plain(node, axes) and (dtype in _FLOATS or not any(a.before or a.after for a in axes)):
        return None
    return graph.add("MaxPool", padded(graph, x, axes, _smallest(dtype)), **_window(axes))


def _shifted(graph, x, by, dtype):
    """x + by, of another type."""
    wide = graph.add("Add", graph.add("Cast", x, to=TensorProto.INT32), graph.constant(by, np.int32))
    return graph.add("Cast", wide, to=dtype)


def _smallest(dtype):
    return -np.inf if dtype in _FLOATS else np.iinfo(helper.tensor_dtype_to_np_dtype(dtype)).min


def _max_pool_indices(graph, node, axes):
    shape, sizes = graph.shape(node.input(0)), [a.size for a in axes]
    rank, count = len(axes), math.prod(a.kernel for a in axes)
    # Of each window and each of its elements, where it is along each axis: [rank, windows, elements].
    grids = np.stack([np.broadcast_to(_spread(a.positions(), n, rank), _extents(axes)) for n, a in enumerate(axes)])
    places = grids.reshape(rank, -1, count)
    inside = ((places >= 0) & (places < np.reshape(sizes, (-1, 1, 1)))).all(0)
    inner = tuple(np.clip(places, 0, np.reshape(sizes, (-1, 1, 1)) - 1))
    flat = np.ravel_multi_index(inner, sizes)
    told = np.ravel_multi_index(inner, sizes, order="F") if node.get("storage_order", 0) else flat
    x, dtype = node.input(0), graph.dtype(node.input(0))
    if dtype not in _FLOATS:
        x, dtype = graph.add("Cast", x, to=TensorProto.INT32), TensorProto.INT32
    x = graph.add("Reshape", x, graph.ints(*shape[:2], -1))
    windows = graph.add("Gather", x, graph.constant(flat, np.int64), axis=2)
    if not inside.all():
        windows = graph.add("Where", graph.constant(inside), windows, graph.constant(_smallest(dtype), dtype))
    result = graph.ints(*shape[:2], *(a.windows for a in axes))
    best = graph.add("ArgMax", windows, axis=3, keepdims=1)
    top = graph.add("Reshape", graph.add("GatherElements", windows, best, axis=3), result)
    if dtype != graph.dtype(node.input(0)):
        top = graph.add("Cast", top, to=graph.dtype(node.input(0)))
    # Which place of the window it is, as a place of the whole tensor.
    start = np.arange(shape[0] * shape[1]).reshape(*shape[:2], 1, 1) * math.prod(sizes)
    table = graph.constant(np.broadcast_to(told, (*shape[:2], *told.shape)) + start, np.int64)
    return [top, graph.add("Reshape", graph.add("GatherElements", table, best, axis=3), result)]


def _spread(positions, axis, rank):
    """[windows, kernel] of one axis, to be broadcast over the windows, then the elements, of all axes."""
    extents = [1] * 2 * rank
    extents[axis], extents[rank + axis] = positions.shape
    return positions.reshape(extents)


def _extents(axes):
    return [a.windows for a in axes] + [a.kernel for a in axes]


@rule("AveragePool")
def average_pool(graph, node):
    """The mean of padded windows, times what each of them counts too many."""
    axes, whole = axes_of(graph, node), node.get("count_include_pad", 0)
    if _plain(node, axes) and all(a.dilation == 1 for a in axes) and (whole or not any(a.before or a.after for a in axes)):
        return None
    if _plain(node, axes) and all(a.dilation == 1 for a in axes) and len(axes) < 3:
        return None
    x = node.input(0)
    counts = np.ones((), np.int64)
    for axis in axes:
        places = axis.positions()
        low, high = (-axis.before, axis.size + axis.declared) if whole else (0, axis.size)
        counts = np.multiply.outer(counts, ((places >= low) & (places < high)).sum(1))
    total = sums(graph, x, axes)
    return graph.add("Mul", total, graph.constant(1 / np.maximum(counts, 1), graph.dtype(x)))


def sums(graph, x, axes):
    """The sum of each window of x, padded by zeros."""
    volume, channels, dtype = math.prod(a.kernel for a in axes), graph.shape(x)[1], graph.dtype(x)
    x = padded(graph, x, axes, 0)
    if any(a.dilation > 1 for a in axes):
        ones = graph.constant(np.ones((channels, 1, *(a.kernel for a in axes))), dtype)
        return graph.add("Conv", x, ones, group=channels, **_window(axes))
    mean = graph.add("AveragePool", x, **_window(axes, dilated=False))
    return graph.add("Mul", mean, graph.constant(volume, dtype))


@rule("LpPool")
def lp_pool(graph, node):
    """The root of sums of powers."""
    return _norm(graph, node.input(0), node.get("p", 2), lambda powers: sums(graph, powers, axes_of(graph, node)))


@rule("GlobalLpPool")
def global_lp_pool(graph, node):
    """The same over all of the spatial axes."""
    axes = graph.ints(*range(2, len(graph.shape(node.input(0)))))
    return _norm(graph, node.input(0), node.get("p", 2), lambda powers: graph.add("ReduceSum", powers, axes, keepdims=1))


def _norm(graph, x, p, total):
    dtype = graph.dtype(x)
    if p == 2:
        return graph.add("Sqrt", total(graph.add("Mul", x, x)))
    powers = graph.add("Abs", x)
    if p == 1:
        return total(powers)
    powers = graph.add("Pow", powers, graph.constant(p, dtype))
    return graph.add("Pow", total(powers), graph.constant(1 / p, dtype))
