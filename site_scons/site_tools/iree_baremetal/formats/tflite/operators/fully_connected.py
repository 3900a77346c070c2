"""FULLY_CONNECTED: a matrix of weights [channels, depth] times vectors."""

import math

from .. import emit
from ..registry import operator
from . import products
from .conv import multiply_add


@operator("FULLY_CONNECTED", *products.KINDS)
def fully_connected(node):
    if node.option("WeightsFormat"):
        raise node.error("its weights are shuffled for a server's processor; convert the model without that")
    extents, (channels, depth) = node.shape(0), node.shape(1)
    if math.prod(extents) % depth:
        raise node.error(f"its weights are for vectors of {depth} elements, its input has the shape {extents}")
    count = math.prod(extents) // depth

    def multiply(x, weights, _, type_):
        n, channel, inner = emit.dims(3)
        start = emit.filled([count, channels], type_, 0)
        return emit.generic(
            [emit.reshape(x, [count, depth]), weights], [[n, inner], [channel, inner]], start, multiply_add, "ppr"
        )

    result = products.product(node, multiply, lambda weights: weights, 1)
    return emit.reshape(result, [*extents[:-1], channels] if node.option("KeepNumDims", False) else [count, channels])
