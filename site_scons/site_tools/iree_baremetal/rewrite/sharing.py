"""Kernels that are equal but for the content of their constants become one, which is given these constants.

iree-compile puts a tensor of up to 256 bytes, a bias, say, into the kernel that reads it, so equal layers get kernels
of their own. The constants become globals, as longer ones are already.
"""

import collections
from dataclasses import dataclass

from iree.compiler import ir

from . import dispatches

_NUMBERS = ("i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64")
_ADDRESS = "bufferization.to_buffer"  # whose type is another one for a constant inside a kernel (`addresses.of`)


@dataclass
class _Kernel:
    """A dispatch, and its arith.constant operations of tensors with their contents."""

    dispatch: dispatches.Dispatch
    constants: list
    values: list


def share(module, kept=()):
    """Makes one of all kernels that differ in constants alone; {name of each that goes: of the one that stands for it}.

    kept: names of dispatches that stay as they are.
    """
    groups, found = collections.defaultdict(list), dispatches.find(module)
    functions = collections.Counter(dispatch.executable.attributes["sym_name"].value for dispatch in found)
    for dispatch in found:
        is_alone = functions[dispatch.executable.attributes["sym_name"].value] == 1
        if is_alone and dispatch.name not in kept and dispatch.sites and "arg_attrs" not in dispatch.function.attributes:
            kernel = _Kernel(dispatch, constants := _constants(dispatch), [op.attributes["value"] for op in constants])
            groups[_text(kernel)].append(kernel)
    merged = [group for group in groups.values() if len(group) > 1]
    for group in merged:
        _merge(module, *group)
    return {kernel.dispatch.name: group[0].dispatch.name for group in merged for kernel in group[1:]}


def _constants(dispatch):
    """Tensors within the kernel that could as well be given to it."""
    found = [op for op in dispatches.operations(dispatch.function) if op.name == "arith.constant"]
    return [
        op
        for op in found
        if _is_known(op.attributes["value"]) and not any(user.name == _ADDRESS for user in dispatches.users(op.results[0]))
    ]


def _is_known(value):
    """Whether it is the content of a tensor, of numbers that have bytes of their own."""
    return (
        isinstance(value, ir.DenseElementsAttr)
        and isinstance(value.type, ir.RankedTensorType)
        and str(value.type.element_type) in _NUMBERS
    )


def _text(kernel):
    """All that kernels have in common which differ in names and in the contents of constants alone."""
    for op, value in zip(kernel.constants, kernel.values):
        op.attributes["value"] = ir.DenseElementsAttr.get_splat(value.type, _zero(value.type.element_type))
    text = kernel.dispatch.executable.get_asm(use_local_scope=True)
    for op, value in zip(kernel.constants, kernel.values):
        op.attributes["value"] = value
    for name in (kernel.dispatch.name, kernel.dispatch.executable.attributes["sym_name"].value):
        text = text.replace(f"@{name}", "@")
    return text, tuple(
        number for number, op in enumerate(dispatches.operations(kernel.dispatch.function)) if op in kernel.constants
    )


def _zero(type_):
    return ir.FloatAttr.get(type_, 0.0) if isinstance(type_, ir.FloatType) else ir.IntegerAttr.get(type_, 0)


def _merge(module, first, *others):
    """Lets first stand for the others."""
    taken = {op.operation.attributes["sym_name"].value for op in module.body if "sym_name" in op.operation.attributes}
    of_sites = [kernel for kernel in (first, *others) for _ in kernel.dispatch.sites]
    for kernel in others:
        for site in kernel.dispatch.sites:
            site.attributes["entry_points"] = first.dispatch.sites[0].attributes["entry_points"]
        first.dispatch.sites += kernel.dispatch.sites
    for position, (op, value) in enumerate(zip(first.constants, first.values)):
        if all(kernel.values[position] == value for kernel in others):
            continue
        names = {kernel.dispatch.name: _global(kernel, position, taken) for kernel in (first, *others)}
        loads = [_load(site, names[kernel.dispatch.name], value.type) for kernel, site in zip(of_sites, first.dispatch.sites)]
        op.results[0].replace_all_uses_with(first.dispatch.add_input(value.type, loads))
        op.erase()
    for kernel in others:
        kernel.dispatch.executable.erase()


def _global(kernel, position, taken):
    """The name of a new global with the content of a constant of kernel."""
    name = f"{kernel.dispatch.name}_constant_{position}"
    while name in taken:
        name += "_"
    taken.add(name)
    value = kernel.values[position]
    texts = {"sym_name": ir.StringAttr.get(name), "sym_visibility": ir.StringAttr.get("private")}
    with ir.InsertionPoint(kernel.dispatch.executable), kernel.dispatch.executable.location:
        ir.Operation.create("util.global", attributes={**texts, "type": ir.TypeAttr.get(value.type), "initial_value": value})
    return name


def _load(site, name, type_):
    """The content of a global, in front of site."""
    attributes = {"global": ir.FlatSymbolRefAttr.get(name), "is_immutable": ir.UnitAttr.get()}
    with ir.InsertionPoint(site), site.location:
        return ir.Operation.create("util.global.load", [type_], attributes=attributes).result
