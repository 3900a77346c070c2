"""What moves elements, or picks the largest, between DequantizeLinear and QuantizeLinear: done on the integers.

Quantizers write all operators so. With one scale and zero point on both sides the integers come out as they are:
QuantizeLinear(DequantizeLinear(q)) is q, and a maximum of dequantized elements is that of the greatest integer.
"""

import numpy as np

from ..node import Node
from . import rule

# Operators of one tensor, whose further inputs say where elements go.
_MOVES = (
    "Reshape",
    "Flatten",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "MaxPool",
    "Slice",
    "Identity",
    "DepthToSpace",
    "SpaceToDepth",
)


@rule("QuantizeLinear")
def quantized_moves(graph, node):
    """DequantizeLinear, a move, QuantizeLinear: the move alone."""
    mover = _producer(graph, node.input(0))
    moved = mover if mover is not None and mover.op_type in _MOVES and len(mover.output) == 1 else None
    source = _producer(graph, moved.input[0]) if moved is not None else mover
    if source is None or source.op_type != "DequantizeLinear" or not _same(graph, list(source.input)[1:], node.inputs[1:]):
        return None
    if moved is None:
        return source.input[0]
    return graph.add(moved.op_type, source.input[0], *moved.input[1:], **Node(moved).attributes)


def _producer(graph, name):
    name = graph.resolve(name)
    return next((node for node in reversed(graph.nodes) if name in node.output), None)


def _same(graph, one, other):
    """Whether both have one scale for the whole tensor, the same, positive, and equal zero points of one type."""
    if len(one) < 2 or len(other) < 2:
        return False
    scales, zeros = ([graph.value(names[n]) for names in (one, other)] for n in (0, 1))
    if any(value is None or value.size != 1 for value in (*scales, *zeros)) or zeros[0].dtype != zeros[1].dtype:
        return False
    return (
        np.array_equal(scales[0].ravel(), scales[1].ravel())
        and np.array_equal(zeros[0].ravel(), zeros[1].ravel())
        and scales[0].item() > 0
    )
