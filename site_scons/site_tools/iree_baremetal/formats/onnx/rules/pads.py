"""Pad by reflect, edge and wrap, and by negative widths: a Gather along each axis that is padded.

IREE compiles reflections into what LLVM refuses, and does not end over wrap.
"""

import numpy as np

from ..node import Refused
from . import rule


@rule("Pad")
def pad(graph, node):
    """Gathers the elements that mode names; Slice where constant padding is negative."""
    x, mode = node.input(0), node.get("mode", "constant")
    shape, pads = graph.shape(x), widths(graph, node)
    if shape is None or pads is None:
        if mode != "constant":
            raise Refused("its pads are computed at run time; export the model with constant pads.")
        return None
    if mode == "constant":
        return _cut(graph, node, shape, pads) if pads.min(initial=0) < 0 else None
    for axis, (before, after) in enumerate(pads):
        if before or after:
            x = graph.add("Gather", x, graph.constant(indices(shape[axis], before, after, mode), np.int64), axis=axis)
    return x


def widths(graph, node):
    """(before, after) of each axis, or None where they are no constants."""
    given, shape = graph.value(node.input(1)), graph.shape(node.input(0))
    if given is None or shape is None:
        return None
    pads = np.zeros((len(shape), 2), np.int64)
    axes = range(len(shape)) if not node.input(3) else graph.value(node.input(3))
    if axes is None:
        return None
    pads[np.array(axes, np.int64)] = np.reshape(given, (2, -1)).T
    return pads


def indices(size, before, after, mode):
    """Which of size elements stand where, along an axis padded by mode."""
    positions = np.arange(-before, size + after)
    if mode == "edge":
        return np.clip(positions, 0, size - 1)
    if mode == "wrap":
        return positions % size
    turned = positions % max(2 * size - 2, 1)
    return np.minimum(turned, 2 * size - 2 - turned) if size > 1 else np.zeros_like(positions)


def _cut(graph, node, shape, pads):
    starts, ends = np.maximum(-pads[:, 0], 0), np.array(shape) - np.maximum(-pads[:, 1], 0)
    cut = graph.add("Slice", node.input(0), graph.constant(starts, np.int64), graph.constant(ends, np.int64))
    return graph.add("Pad", cut, graph.constant(np.maximum(pads, 0).T.reshape(-1), np.int64), node.input(2))
