"""Depthwise products of floats, channel by channel.

Where the tensors' channels lie apart, a channel's pixels are neighbours: as the outermost loop, the
channel lets the inner ones walk through memory in order, and each plane of the output can overwrite
a plane of the input. Each sum keeps the order of its terms.
"""

from iree.compiler import ir

from . import dispatches
from .product import NoMatch, indexing_maps, loops_of


def rewrite(dispatch):
    """Interchanges the loops of a dispatch; raises `NoMatch`."""
    generics = [op for op in dispatches.operations(dispatch.function) if op.name == "linalg.generic"]
    found = [op for op in generics if _multiplies_and_adds(op)]
    if len(found) != 1:
        raise NoMatch("no product of floats" if not found else "several products")
    (op,) = found
    one, other, out = (loops_of(affine_map) for affine_map in indexing_maps(op))
    groups = one & other & out
    if not groups:
        raise NoMatch("all channels share their input")
    reductions = sorted((one | other) - out)
    order = [*sorted(groups), *sorted(out - groups), *reductions]
    if order == sorted(order):
        raise NoMatch("its channels are outermost")
    _interchange(op, order)


def _multiplies_and_adds(op):
    body = [inner.operation.name for inner in op.regions[0].blocks[0].operations]
    return len(op.operands) == 3 and body == ["arith.mulf", "arith.addf", "linalg.yield"]


def _interchange(op, order):
    """Lets the loops of op, a linalg.generic, come in this order."""
    place = ir.AffineMap.get(len(order), 0, [ir.AffineExpr.get_dim(order.index(loop)) for loop in range(len(order))])
    changed = [ir.AffineMap.get(len(order), 0, [e.compose(place) for e in m.results]) for m in indexing_maps(op)]
    kinds = list(op.attributes["iterator_types"])
    op.attributes["indexing_maps"] = ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in changed])
    op.attributes["iterator_types"] = ir.ArrayAttr.get([kinds[loop] for loop in order])
