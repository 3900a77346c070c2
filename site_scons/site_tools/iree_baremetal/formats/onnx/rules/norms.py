"""Norms and activations that IREE's importer lacks, or computes otherwise than ONNX Runtime."""

import math

import numpy as np

from ..node import Refused
from . import rule


@rule("LpNormalization")
def lp_normalization(graph, node):
    """x / |x|, and 0 where the norm is."""
    x, axis = node.input(0), node.get("axis", -1)
    if graph.shape(x) is None:
        return None
    size = graph.add("Abs", x) if node.get("p", 2) == 1 else graph.add("Mul", x, x)
    norm = graph.add("ReduceSum", size, graph.ints(axis), keepdims=1)
    norm = norm if node.get("p", 2) == 1 else graph.add("Sqrt", norm)
    zero = graph.add("Equal", norm, graph.constant(0, graph.dtype(x)))
    return graph.add("Div", x, graph.add("Where", zero, graph.constant(1, graph.dtype(x)), norm))


@rule("Gelu")
def gelu_tanh(graph, node):
    """approximate=tanh: x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))."""
    if node.get("approximate", "none") != "tanh":
        return None
    x, dtype = node.input(0), graph.dtype(node.input(0))
    cube = graph.add("Mul", graph.add("Mul", graph.add("Mul", x, x), x), graph.constant(0.044715, dtype))
    inner = graph.add("Mul", graph.add("Add", x, cube), graph.constant(math.sqrt(2 / math.pi), dtype))
    outer = graph.add("Add", graph.add("Tanh", inner), graph.constant(1, dtype))
    return graph.add("Mul", graph.add("Mul", x, graph.constant(0.5, dtype)), outer)


@rule("PRelu")
def prelu(graph, node):
    """One slope for each channel, as models from before opset 7 have it."""
    shape, slopes = graph.shape(node.input(0)), graph.shape(node.input(1))
    if (
        shape is None
        or slopes is None
        or len(slopes) != 1
        or len(shape) < 3
        or slopes[0] in (1, shape[-1])
        or slopes[0] != shape[1]
    ):
        return None
    return graph.add("PRelu", node.input(0), graph.add("Reshape", node.input(1), graph.ints(-1, *[1] * (len(shape) - 2))))


@rule("Hardmax")
def hardmax(graph, node):
    """1 at the first of the largest, 0 elsewhere."""
    x, shape, axis = node.input(0), graph.shape(node.input(0)), node.get("axis", -1)
    if shape is None:
        return None
    best = graph.add("ArgMax", x, axis=axis, keepdims=1)
    places = graph.constant(
        np.arange(shape[axis]).reshape([-1 if n == axis % len(shape) else 1 for n in range(len(shape))]), np.int64
    )
    return graph.add("Cast", graph.add("Equal", best, places), to=graph.dtype(x))


@rule("Det")
def det(graph, node):
    """By Leibniz's formula, for up to 3 rows; of others there is no lowering that is right."""
    x, shape = node.input(0), graph.shape(node.input(0))
    if shape is None or shape[-1] > 3:
        raise Refused("the determinant of more than 3 rows has no lowering; compute it before or after the model.")

    def entry(row, column):
        line = graph.add("Gather", x, graph.constant(row, np.int64), axis=len(shape) - 2)
        return graph.add("Gather", line, graph.constant(column, np.int64), axis=len(shape) - 2)

    def minor(rows, columns):
        if len(rows) == 1:
            return entry(rows[0], columns[0])
        total = None
        for n, column in enumerate(columns):
            part = graph.add("Mul", entry(rows[0], column), minor(rows[1:], columns[:n] + columns[n + 1 :]))
            total = part if total is None else graph.add("Sub" if n % 2 else "Add", total, part)
        return total

    rows = list(range(shape[-1]))
    return minor(rows, rows)


@rule("Softsign")
def softsign(graph, node):
    """x / (1 + |x|): IREE lowers it from opset 22 on, and ONNX's own body is of opset 18."""
    x = node.input(0)
    if not graph.dtype(x):
        return None
    return graph.add("Div", x, graph.add("Add", graph.add("Abs", x), graph.constant(1, graph.dtype(x))))
