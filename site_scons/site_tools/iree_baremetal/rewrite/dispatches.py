"""The dispatches of a program at the flow phase: their functions, and the constants that reach them."""

from dataclasses import dataclass, field

import numpy
from iree.compiler import ir

from .forms import Form

_LOAD, _TIED = "iree_tensor_ext.dispatch.tensor.load", "tied_operands"


def users(value):
    return [use.owner for use in value.uses]


def operations(op):
    """op's operations, the innermost first, as a list that survives changes."""
    result = []
    for region in op.regions:
        for block in region.blocks:
            for inner in block.operations:
                result += operations(inner.operation)
                result.append(inner.operation)
    return result


@dataclass
class Dispatch:
    """One executable: its function, and the operations of the host program that dispatch it."""

    name: str
    executable: ir.Operation
    function: ir.Operation
    sites: list
    form: Form = field(default_factory=Form)

    @property
    def block(self):
        return self.function.regions[0].blocks[0]

    def constant(self, value):
        """The `Constant` behind a tensor of the function that is used once, or None."""
        op = defining(value)
        if op is None or len(users(value)) != 1:
            return None
        if op.name == "arith.constant":
            return Constant(self, value, None, [op]) if isinstance(op.attributes["value"], ir.DenseElementsAttr) else None
        if op.name != _LOAD or not self._is_whole(op):
            return None
        argument = op.operands[0]
        if len(users(argument)) != 1 or not self.sites:
            return None
        position = ir.BlockArgument(argument).arg_number
        loads = [defining(_arguments(site)[position]) for site in self.sites]
        known = [load is not None and load.name == "util.global.load" and _global(load) is not None for load in loads]
        return Constant(self, value, position, loads) if all(known) else None

    def add_input(self, type_, values):
        """A new input of the function, a tensor that each of the sites gives one of values for; it, loaded whole."""
        argument = self.add_argument(ir.Type.parse(f"!iree_tensor_ext.dispatch.tensor<readonly:{type_}>"), values)
        with ir.InsertionPoint.at_block_begin(self.block), self.function.location:
            return load_whole(argument, type_)

    def add_argument(self, type_, values):
        """A new argument of the function, of this type, behind the other inputs; each of the sites gives one of values for it."""
        block, position = self.block, len(_arguments(self.sites[0]))
        with self.function.location:
            types = [*(a.type for a in block.arguments), type_]
            types.insert(position, types.pop())
            block.add_argument(types[-1], self.function.location)
        for number in range(len(types) - 1, position, -1):
            block.arguments[number - 1].replace_all_uses_with(block.arguments[number])
            block.arguments[number].set_type(types[number])
        block.arguments[position].set_type(type_)
        self._declare()
        self.sites = [_with_arguments(site, [*_arguments(site), value]) for site, value in zip(self.sites, values)]
        return block.arguments[position]

    def remove_unused_inputs(self):
        """Takes inputs that nothing reads from the function and its sites; their numbers."""
        if not self.sites or any(map(_has_dims, self.sites)) or "arg_attrs" in self.function.attributes:
            return []
        count = len(_arguments(self.sites[0]))
        tied = {number for site in self.sites for number in _tied(site)}
        unused = [n for n in range(count) if n not in tied and not list(self.block.arguments[n].uses)]
        for number in reversed(unused):
            self.block.erase_argument(number)
        if unused:
            self._declare()
            kept = [number for number in range(count) if number not in unused]
            self.sites = [_with_arguments(site, [_arguments(site)[n] for n in kept], kept) for site in self.sites]
        return unused

    def _declare(self):
        """The function's type is that of its arguments."""
        self.function.attributes["function_type"] = ir.TypeAttr.get(
            ir.FunctionType.get([a.type for a in self.block.arguments], [])
        )

    def _is_whole(self, load):
        shape = ir.RankedTensorType(load.results[0].type).shape
        return f"tensor<{'x'.join(map(str, shape))}x" in str(load.operands[0].type)


@dataclass
class Constant:
    """A constant of a dispatch: inside its function (position None), or behind an argument.

    origins: the arith.constant, or the util.global.load of every site.
    """

    dispatch: Dispatch
    value: object
    position: object
    origins: list

    def array(self):
        """Its content, or None where it is not the same at all sites."""
        if self.position is None:
            return _array(self.origins[0].attributes["value"])
        found = {ir.FlatSymbolRefAttr(load.attributes["global"]).value for load in self.origins}
        return _array(_global(self.origins[0]).attributes["initial_value"]) if len(found) == 1 else None

    def replace(self, change):
        """Puts change(array), of one dimension, in the place of each array; the value in the function."""
        op = defining(self.value)
        if self.position is None:
            attribute = _dense(change(_array(op.attributes["value"])))
            with ir.InsertionPoint(op):
                return ir.Operation.create("arith.constant", [attribute.type], attributes={"value": attribute}).result
        type_ = None
        for site, load in zip(self.dispatch.sites, self.origins):
            attribute = _dense(change(_array(_global(load).attributes["initial_value"])))
            type_ = attribute.type
            _set_argument(site, self.position, _load_new_global(load, attribute))
        return self._retype(op, type_)

    def _retype(self, load, type_):
        argument = load.operands[0]
        wrapped = ir.Type.parse(f"!iree_tensor_ext.dispatch.tensor<readonly:{type_}>")
        argument.set_type(wrapped)
        self.dispatch._declare()
        with ir.InsertionPoint(load):
            return load_whole(argument, type_)


def load_whole(argument, type_):
    """All of the tensor, of this type, that an argument of a function stands for, at the current insertion point."""
    numbers = {"static_offsets": [0] * type_.rank, "static_sizes": type_.shape, "static_strides": [1] * type_.rank}
    attributes = {name: ir.DenseI64ArrayAttr.get(values) for name, values in numbers.items()}
    attributes["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get([1, 0, 0, 0, 0])
    return ir.Operation.create(_LOAD, [type_], [argument], attributes).result


def defining(value):
    """The operation that gives value; None for a block's argument."""
    owner = value.owner
    return None if isinstance(owner, ir.Block) else getattr(owner, "operation", owner)


_PURE = ("arith.", "math.", "tensor.", "linalg.fill", _LOAD)


def sweep(function):
    """Removes the operations of function whose results nobody uses."""
    for op in reversed(operations(function)):
        if op.name.startswith(_PURE) and len(op.results) and not any(list(result.uses) for result in op.results):
            op.erase()


def before(value):
    """The insertion point before the operation that gives value."""
    return ir.InsertionPoint(defining(value))


def _arguments(site):
    workload, count, *_ = site.attributes["operandSegmentSizes"]
    return list(site.operands)[workload : workload + count]


def _set_argument(site, position, value):
    site.operands[site.attributes["operandSegmentSizes"][0] + position] = value


def _has_dims(site):
    """Whether the shape of an argument or a result is an operand, too."""
    _, _, *dims = site.attributes["operandSegmentSizes"]
    return any(dims)


def _tied(site):
    """For each result the number of the argument that it updates, or -1."""
    return [ir.IntegerAttr(number).value for number in site.attributes[_TIED]] if _TIED in site.attributes else []


def _with_arguments(site, arguments, numbers=None):
    """site, which it replaces, with these arguments. numbers: those that they had, where some are missing."""
    workload, count, *more = site.attributes["operandSegmentSizes"]
    operands, attributes = list(site.operands), {name: site.attributes[name] for name in site.attributes}
    operands[workload : workload + count] = arguments
    attributes["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get([workload, len(arguments), *more])
    if numbers is not None and _TIED in attributes:
        places = [numbers.index(number) if number in numbers else -1 for number in _tied(site)]
        index = ir.IndexType.get(site.context)
        attributes[_TIED] = ir.ArrayAttr.get([ir.IntegerAttr.get(index, place) for place in places], site.context)
    with ir.InsertionPoint(site), site.location:
        made = ir.Operation.create(site.name, [r.type for r in site.results], operands, attributes)
    for old, new in zip(site.results, made.results):
        old.replace_all_uses_with(new)
    site.erase()
    return made


def _module(op):
    while op.parent is not None:
        op = op.parent.operation if hasattr(op.parent, "operation") else op.parent
    return op


def _global(load):
    """The util.global with a known content that load reads, or None."""
    name = ir.FlatSymbolRefAttr(load.attributes["global"]).value
    for found in _module(load).regions[0].blocks[0].operations:
        op = found.operation
        if op.name == "util.global" and op.attributes["sym_name"].value == name:
            known = "initial_value" in op.attributes and "is_mutable" not in op.attributes
            return op if known and isinstance(op.attributes["initial_value"], ir.DenseElementsAttr) else None
    return None


def _array(attribute):
    return numpy.asarray(attribute)


def _dense(array):
    return ir.DenseElementsAttr.get(numpy.ascontiguousarray(array))


def _load_new_global(load, attribute):
    """The value of a new global with this content, loaded where load is."""
    old = _global(load)
    names = {
        o.operation.attributes["sym_name"].value
        for o in _module(load).regions[0].blocks[0].operations
        if "sym_name" in o.operation.attributes
    }
    stem, number = f"{old.attributes['sym_name'].value}_packed", 0
    while f"{stem}{number or ''}" in names:
        number += 1
    name = f"{stem}{number or ''}"
    new = old.clone(ir.InsertionPoint(old)).operation
    new.attributes["sym_name"] = ir.StringAttr.get(name)
    new.attributes["type"] = ir.TypeAttr.get(attribute.type)
    new.attributes["initial_value"] = attribute
    attributes = {key: load.attributes[key] for key in load.attributes} | {"global": ir.FlatSymbolRefAttr.get(name)}
    with ir.InsertionPoint(load):
        return ir.Operation.create(load.name, [attribute.type], attributes=attributes).result


def find(module):
    """The `Dispatch`es of a module, in its order."""
    result, sites = [], {}
    for op in operations(module.operation):
        if op.name == "flow.dispatch":
            for entry in op.attributes["entry_points"]:
                sites.setdefault(str(entry), []).append(op)
    for outer in module.body:
        executable = outer.operation
        if executable.name != "flow.executable":
            continue
        name = executable.attributes["sym_name"].value
        for function in operations(executable):
            if function.name == "func.func" and len(function.regions[0].blocks):
                own = [s for entry, found in sites.items() for s in found if entry.split("::")[0].strip('@"') == name]
                result.append(Dispatch(function.attributes["sym_name"].value, executable, function, own))
    return result
