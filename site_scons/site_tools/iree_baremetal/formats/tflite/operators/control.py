"""IF and WHILE whose conditions are known when the model is imported: the branch, and the steps one after another."""

import numpy

from ..lowering import check
from ..registry import operator

_MOST_STEPS = 10000


def _subgraph(node, name):
    number, subgraphs = node.option(name, -1), node.lowering.model.subgraphs
    if not 0 <= number < len(subgraphs):
        raise node.error(f"it calls subgraph {number} of {len(subgraphs)}")
    return subgraphs[number]


def _called(node, subgraph, values):
    """What subgraph makes of values."""
    if len(values) != len(subgraph.inputs):
        raise node.error(f"subgraph {subgraph.index} takes {len(subgraph.inputs)} inputs, not {len(values)}")
    check(node.lowering.model, subgraph, node.lowering.entries)
    return node.lowering.results(subgraph, dict(zip(subgraph.inputs, values)))


def _inputs(node, first):
    return [node.value(n) if node.constant(n) is None else node.constant(n) for n in range(first, len(node.inputs))]


def _decided(node, condition):
    if not isinstance(condition, numpy.ndarray) or condition.size != 1:
        raise node.error("its condition is computed at run time; what a board does has to be known before")
    return bool(condition.reshape(-1)[0])


@operator("IF")
def if_(node):
    is_true = _decided(node, node.constant(0))
    return _called(node, _subgraph(node, "ThenSubgraphIndex" if is_true else "ElseSubgraphIndex"), _inputs(node, 1))


@operator("WHILE")
def while_(node):
    test, body = (_subgraph(node, f"{name}SubgraphIndex") for name in ("Cond", "Body"))
    values = _inputs(node, 0)
    for _ in range(_MOST_STEPS):
        if not _decided(node, _called(node, test, values)[0]):
            return values
        values = _called(node, body, values)
    raise node.error(f"it goes on after {_MOST_STEPS} steps")
