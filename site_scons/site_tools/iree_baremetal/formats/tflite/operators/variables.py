"""Resources that keep a tensor between calls, and the subgraph that gives them their first content."""

import numpy

from ..registry import operator
from ..state import Variable


@operator("VAR_HANDLE")
def var_handle(node):
    names = [node.option(n, b"") or b"" for n in ("Container", "SharedName")]
    return node.lowering.variables.of(tuple(names))


@operator("READ_VARIABLE")
def read_variable(node):
    variable = _variable(node)
    if variable.initial is None:  # what nothing initializes is zero
        variable.initial = numpy.zeros(node.outputs[0].shape, node.outputs[0].dtype)
    return variable.initial if node.lowering.is_initializing else variable.read()


@operator("ASSIGN_VARIABLE")
def assign_variable(node):
    variable, known = _variable(node), node.constant(1)
    if node.lowering.is_initializing:
        if known is None:
            raise node.error("a variable's first content is computed; it has to be a constant")
        variable.initial = known
        return []
    if variable.initial is None:
        variable.initial = numpy.zeros(node.shape(1), node.inputs[1].dtype)
    if list(variable.initial.shape) != node.shape(1) or variable.initial.dtype.name != node.inputs[1].dtype:
        raise node.error(f"its variable is of shape {list(variable.initial.shape)}, what it is given of {node.shape(1)}")
    variable.write(node.value(1))
    return []


def _variable(node):
    found = node.given(0)
    if not isinstance(found, Variable):
        raise node.error(f"its input, {node.inputs[0].label}, is no variable")
    return found


@operator("CALL_ONCE")
def call_once(node):
    number, lowering = node.option("InitSubgraphIndex", 0), node.lowering
    if not 0 < number < len(lowering.model.subgraphs):
        raise node.error(f"it calls subgraph {number}, which there is not")
    lowering.initialize(number)
    return []
