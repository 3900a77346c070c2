"""GridSample as Gathers of neighbours and their weights: IREE's importer misreads its modes and paddings."""

import itertools

import numpy as np
from onnx import TensorProto

from ..node import Refused
from . import rule

_CUBIC = -0.75  # ONNX, GridSample: as PyTorch


@rule("GridSample")
def grid_sample(graph, node):
    """X [N, C, D1 …, Dr], grid [N, O1 …, Or, r] of -1 to 1, the last axis of X first: [N, C, O1 …, Or]."""
    x, grid = node.inputs
    shape, places = graph.shape(x), graph.shape(grid)
    if shape is None or places is None:
        raise Refused("its shapes are not known; export the model with static shapes.")
    sizes, dtype = shape[2:], graph.dtype(grid)
    mode = {"bilinear": "linear", "bicubic": "cubic"}.get(node.get("mode", "linear"), node.get("mode", "linear"))
    padding, corners = node.get("padding_mode", "zeros"), bool(node.get("align_corners", 0))
    neighbours = []
    for axis, size in enumerate(sizes):
        at = graph.add("Gather", grid, graph.constant(len(sizes) - 1 - axis, np.int64), axis=len(places) - 1)
        at = _place(graph, at, size, corners, dtype)
        neighbours.append(
            [
                (_within(graph, n, size, padding, corners, dtype), w)
                for n, w in _taps(graph, at, mode, size, padding, corners, dtype)
            ]
        )
    flat = graph.add("Reshape", x, graph.ints(*shape[:2], -1))
    total = None
    for taps in itertools.product(*neighbours):
        index, weight = None, None
        for size, ((place, inside), share) in zip(sizes, taps):
            scaled = graph.add("Mul", index, graph.constant(size, np.int64)) if index else None
            index = graph.add("Add", scaled, place) if scaled else place
            for factor in filter(None, (inside, share)):
                weight = graph.add("Mul", weight, factor) if weight else factor
        index = graph.add("Reshape", index, graph.ints(shape[0], 1, -1))
        part = graph.add(
            "GatherElements", flat, graph.add("Expand", index, graph.ints(*shape[:2], int(np.prod(places[1:-1])))), axis=2
        )
        if weight:
            part = graph.add(
                "Mul", part, graph.add("Cast", graph.add("Reshape", weight, graph.ints(shape[0], 1, -1)), to=graph.dtype(x))
            )
        total = graph.add("Add", total, part) if total else part
    return graph.add("Reshape", total, graph.ints(*shape[:2], *places[1:-1]))


def _place(graph, at, size, corners, dtype):
    """Of -1 to 1, the place among size elements."""
    scale, offset = ((size - 1) / 2, (size - 1) / 2) if corners else (size / 2, (size - 1) / 2)
    return graph.add("Add", graph.add("Mul", at, graph.constant(scale, dtype)), graph.constant(offset, dtype))


def _taps(graph, at, mode, size, padding, corners, dtype):
    """[(place, weight or "")] of the neighbours of at, which are whole numbers."""
    if mode == "nearest":
        return [(graph.add("Round", at), "")]
    if padding != "zeros" and mode == "linear":
        at = _turned(graph, at, size, padding, corners, dtype)
    low = graph.add("Floor", at)
    t = graph.add("Sub", at, low)
    one = graph.constant(1, dtype)
    if mode == "linear":
        return [(low, graph.add("Sub", one, t)), (graph.add("Add", low, one), t)]

    def polynomial(x, *coefficients):
        value = graph.constant(coefficients[0], dtype)
        for c in coefficients[1:]:
            value = graph.add("Add", graph.add("Mul", value, x), graph.constant(c, dtype))
        return value

    a, found = _CUBIC, []
    for step in (-1, 0, 1, 2):
        place = graph.add("Add", low, graph.constant(step, dtype))
        distance = graph.add("Abs", graph.add("Sub", graph.constant(step, dtype), t))
        far = (a, -5 * a, 8 * a, -4 * a)
        found.append((place, polynomial(distance, *(far if step in (-1, 2) else (a + 2, -(a + 3), 0, 1)))))
    return found


def _turned(graph, at, size, padding, corners, dtype):
    """at, brought within the input: by its border, or reflected at it."""
    if padding == "reflection":
        low, high = (0, size - 1) if corners else (-0.5, size - 0.5)
        span = high - low
        if span == 0:
            return graph.add("Mul", at, graph.constant(0, dtype))
        # The distance from low, folded at span.
        away = graph.add("Abs", graph.add("Sub", at, graph.constant(low, dtype)))
        turns = graph.add("Floor", graph.add("Div", away, graph.constant(2 * span, dtype)))
        left = graph.add("Sub", away, graph.add("Mul", turns, graph.constant(2 * span, dtype)))
        folded = graph.add("Min", left, graph.add("Sub", graph.constant(2 * span, dtype), left))
        at = graph.add("Add", folded, graph.constant(low, dtype))
    return graph.add("Clip", at, graph.constant(0, dtype), graph.constant(size - 1, dtype))


def _within(graph, place, size, padding, corners, dtype):
    """(a place that is within, as int64; "" or 1 where it was, 0 where it was not)."""
    inside = ""
    if padding == "zeros":
        clipped = graph.add("Clip", place, graph.constant(0, dtype), graph.constant(size - 1, dtype))
        inside = graph.add("Cast", graph.add("Equal", clipped, place), to=dtype)
        place = clipped
    else:
        place = _turned(graph, place, size, padding, corners, dtype)
    return graph.add("Cast", graph.add("Round", place), to=TensorProto.INT64), inside
