"""What a model keeps between calls: mutable globals.

While functions are made each variable has a global of its own. Then those of one element type become parts of one: of
several that always change together iree-compile makes one buffer by itself, in which nobody finds them again.
"""

import math

import numpy
from iree.compiler import ir

from . import emit

_LOAD, _STORE = "util.global.load", "util.global.store"


class Variable:
    """A tensor that lasts. initial: an array, what it is before the first call; None until that is known."""

    def __init__(self, name, initial=None):
        self.name, self.initial, self.is_used = name, initial, False

    def read(self):
        """Its value at the current insertion point."""
        self.is_used = True
        return _load(self.name, self.initial)

    def write(self, value):
        """Makes value its content, at the current insertion point."""
        self.is_used = True
        _store(self.name, value)


def _type(initial):
    return ir.RankedTensorType.get(initial.shape, emit.element(initial.dtype.name))


def _load(name, initial):
    return ir.Operation.create(_LOAD, [_type(initial)], attributes={"global": ir.FlatSymbolRefAttr.get(name)}).result


def _store(name, value):
    ir.Operation.create(_STORE, [], [value], {"global": ir.FlatSymbolRefAttr.get(name)})


def _declare(name, initial):
    attributes = {
        "sym_name": ir.StringAttr.get(name),
        "sym_visibility": ir.StringAttr.get("private"),
        "type": ir.TypeAttr.get(_type(initial)),
        "is_mutable": ir.UnitAttr.get(),
        "initial_value": emit.attribute(initial),
    }
    ir.Operation.create("util.global", [], attributes=attributes)


class Variables:
    """All of a model's, by what they are known by: the shared name of a resource, or a tensor."""

    def __init__(self):
        self._found = {}

    def of(self, key, initial=None):
        """The `Variable` of key; a new one starts as initial."""
        if key not in self._found:
            self._found[key] = Variable(f"state{len(self._found)}", initial)
        return self._found[key]

    def declare(self, module):
        """Adds the globals that are used to module, whose functions are made."""
        groups = {}
        for variable in self._found.values():
            if variable.is_used:
                groups.setdefault(variable.initial.dtype.name, []).append(variable)
        functions = list(module.body.operations)
        for group in groups.values():
            initial = group[0].initial
            if len(group) > 1:
                initial = numpy.concatenate([v.initial.reshape(-1) for v in group])
                for function in functions:
                    _join(function.regions[0].blocks[0], group, initial)
            with ir.InsertionPoint.at_block_begin(module.body):
                _declare(group[0].name, initial)


def _join(block, group, initial):
    """Makes block read and write the variables of group as parts of one global, the first one's."""
    by_name, values, whole = {v.name: v for v in group}, {}, None
    operations = [op.operation for op in block.operations]
    last, is_written = operations[-1], False
    for op in operations:
        name = ir.FlatSymbolRefAttr(op.attributes["global"]).value if op.name in (_LOAD, _STORE) else None
        if name not in by_name:
            continue
        if whole is None:
            with ir.InsertionPoint.at_block_begin(block), op.location:
                whole = _load(group[0].name, initial)
                values = _parts(whole, group)
        if op.name == _LOAD:
            op.result.replace_all_uses_with(values[name])
        else:
            values[name], is_written = op.operands[0], True
        op.erase()
    if is_written:
        with ir.InsertionPoint(last), last.location:
            flat = [emit.reshape(values[v.name], [v.initial.size]) for v in group]
            _store(group[0].name, emit.concatenate(flat, 0))


def _parts(whole, group):
    """{name: value} of the variables that whole holds, one behind another."""
    values, start = {}, 0
    for variable in group:
        size = math.prod(variable.initial.shape)
        values[variable.name] = emit.reshape(emit.extract(whole, [start], [size]), variable.initial.shape)
        start += size
    return values


def reset(tensor, extents):
    """What a variable tensor of shape extents starts as: Interpreter::ResetVariableTensors()."""
    if tensor.data is not None:
        return tensor.data
    zero = tensor.zero if tensor.dtype == "int8" else 0
    return numpy.full(extents, zero, tensor.dtype)
