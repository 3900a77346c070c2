"""Kernels that `rows` has found, cut to a few rows of their output, at the flow phase.

The tensors of a kernel keep all their dimensions but the outermost: of the output it becomes so many rows, of an input the rows
that these need. Padding above and below is left to whoever calls the kernel. The host program stays as it is, but that it says
how many rows a call shall compute where that may be several: with a barrier, or it would become a constant of the kernel.
"""

from iree.compiler import ir

from ...plan.slabs import mark
from .. import dispatches
from ..core import Core
from ..emit import i32, word
from ..layout.barriers import BARRIER
from . import pushed, row_sums
from .rows import LOAD, STORE, Need, find, shape


def apply(module, most, is_pushed=False):
    """Lets the dispatches of these names, which `find` takes for `Kernel`s, compute some rows each, {name: at most so many}; how many.

    is_pushed: whether the model's input is given row by row.
    """
    found = find(module)
    if is_pushed:
        pushed.mark(module, found)
    in_order = row_sums.matter(Core(module))
    for name, count in most.items():
        _make(found[name], count, in_order)
    return len(most)


def _make(kernel, most, in_order):
    function, slab = kernel.dispatch.function, kernel.slab(most)
    number = kernel.tensors[-1]
    unit = kernel.extents[number] // kernel.rows[number]
    with function.location:
        if kernel.sum is not None:
            _add_up(kernel)
        for value, need in kernel.needs:
            value.set_type(_cut(value.type, need.dim, need.of(most) * unit))
            _cut_attributes(dispatches.defining(value), need, most, unit)
        for number, need in ({kernel.output: Need(0, 1, 0, 1)} | kernel.inputs).items():
            if number not in kernel.tensors:
                continue
            argument = kernel.dispatch.block.arguments[number]
            head, tail = str(argument.type).split(":tensor<", 1)
            extents = tail.removeprefix(str(shape(argument.type)[0]))
            argument.set_type(ir.Type.parse(f"{head}:tensor<{need.of(most) * unit}{extents}"))
        for op in dispatches.operations(function):
            if op.name == STORE and kernel.sum is None:
                _set(op, "static_sizes", 0, most * unit)
            elif op.name == "tensor.pad" and not any([*op.attributes["static_low"], *op.attributes["static_high"]]):
                op.results[0].replace_all_uses_with(op.operands[0])
                op.erase()
        kernel.dispatch._declare()
        mark(function, slab)
    if most > 1:
        kernel.dispatch.add_argument(i32(), [_hidden(most, site) for site in kernel.dispatch.sites])
    if kernel.sum is not None and in_order:
        row_sums.replace(kernel.sum)


def _hidden(number, site):
    """number as a word, where nobody sees that it is constant: at the function's beginning, or its steps would fall apart."""
    function = site
    while function.name != "util.func":
        function = getattr(function.parent, "operation", function.parent)
    with ir.InsertionPoint.at_block_begin(function.regions[0].blocks[0]), site.location:
        constant = word(number)
        return ir.Operation.create(BARRIER, [i32()], [constant]).result


def _add_up(kernel):
    """The output is what was there, and what is added to it."""
    argument = kernel.dispatch.block.arguments[kernel.output]
    argument.set_type(ir.Type.parse(str(argument.type).replace("writeonly", "readwrite")))
    with ir.InsertionPoint(kernel.sum):
        kernel.sum.operands[len(kernel.sum.operands) - 1] = dispatches.load_whole(argument, kernel.sum.results[0].type)


def _cut(type_, dim, extent):
    extents = list(type_.shape)
    extents[dim] = extent
    return ir.RankedTensorType.get(extents, type_.element_type)


def _cut_attributes(op, need, most, unit):
    if op.name == LOAD:
        _set(op, "static_offsets", need.dim, 0)
        _set(op, "static_sizes", need.dim, need.of(most) * unit)
    elif op.name == "tensor.pad":
        _set(op, "static_low", need.dim, 0)
        _set(op, "static_high", need.dim, 0)


def _set(op, name, dim, number):
    numbers = list(op.attributes[name])
    numbers[dim] = number
    op.attributes[name] = ir.DenseI64ArrayAttr.get(numbers)
