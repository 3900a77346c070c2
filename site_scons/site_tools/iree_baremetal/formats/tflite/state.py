"""What a model keeps between calls: a mutable global for each variable."""

import numpy
from iree.compiler import ir

from . import emit


class Variable:
    """A tensor that lasts. initial: an array, what it is before the first call; None until that is known."""

    def __init__(self, name, initial=None):
        self.name, self.initial, self.is_used = name, initial, False

    def read(self):
        """Its value at the current insertion point."""
        self.is_used = True
        return ir.Operation.create("util.global.load", [self._type()], attributes={"global": ir.FlatSymbolRefAttr.get(self.name)}).result

    def write(self, value):
        """Makes value its content, at the current insertion point."""
        self.is_used = True
        ir.Operation.create("util.global.store", [], [value], {"global": ir.FlatSymbolRefAttr.get(self.name)})

    def declare(self):
        """The global itself, at the current insertion point."""
        attributes = {
            "sym_name": ir.StringAttr.get(self.name),
            "sym_visibility": ir.StringAttr.get("private"),
            "type": ir.TypeAttr.get(self._type()),
            "is_mutable": ir.UnitAttr.get(),
            "initial_value": emit.attribute(self.initial),
        }
        ir.Operation.create("util.global", [], attributes=attributes)

    def _type(self):
        return ir.RankedTensorType.get(self.initial.shape, emit.element(self.initial.dtype.name))


class Variables:
    """All of a model's, by what they are known by: the shared name of a resource, or a tensor."""

    def __init__(self):
        self._found = {}

    def of(self, key, initial=None):
        """The `Variable` of key; a new one starts as initial."""
        if key not in self._found:
            self._found[key] = Variable(f"state{len(self._found)}", initial)
        return self._found[key]

    def declare(self):
        """All globals that are used, at the current insertion point."""
        for variable in self._found.values():
            if variable.is_used:
                variable.declare()


def reset(tensor, extents):
    """What a variable tensor of shape extents starts as: Interpreter::ResetVariableTensors()."""
    if tensor.data is not None:
        return tensor.data
    zero = tensor.zero if tensor.dtype == "int8" else 0
    return numpy.full(extents, zero, tensor.dtype)
