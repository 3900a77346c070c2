"""Which kernels read the input that the caller gives row by row, at the flow phase."""

from iree.compiler import ir

from ...modules import operations
from ...plan import places
from .. import dispatches
from ..layout import interleaved
from .rows import SEEN_THROUGH, Kernel, operand

_INPUT = 0  # of the function's inputs, the one that is given so
_LONGEST = 100  # characters of a layer's name: converters join those of all that they fuse


def mark(module, found):
    """Marks what of {name: `Kernel`, or why it is none} reads rows as they are given; (their names, why that cannot be, or "").

    A module whose function is called from several places, or that has several functions, has several such inputs.
    """
    imports = [op for op in operations(module, "hal.tensor.import") if _number(op) == _INPUT]
    if len(imports) != 1:
        return [], "the model has several functions, or no input" if len(imports) else "the model has no input that is a tensor"
    names, own = [], _closure(imports[0].results[0])
    is_interleaved = interleaved.MARK in imports[0].parent.attributes
    for dispatch in dispatches.find(module):
        for site in dispatch.sites:
            workload, count, *_ = site.attributes["operandSegmentSizes"]
            for number in range(count):
                if operand(site, number) not in own:
                    continue
                kernel, where = found[dispatch.name], _layer(site, dispatch)
                if not isinstance(kernel, Kernel):
                    return [], f"{where}, which reads it, cannot run by rows: {kernel}"
                if number not in kernel.inputs:
                    return [], f"{where} needs all of it for each row of its output"
                if kernel.inputs[number].dim != 0:
                    return [], "its channels come first, so that the numbers of a row do not follow each other: put channels last"
                kernel.pushed[number] = is_interleaved
                names.append(dispatch.name)
    others = [use.owner.name for value in own for use in value.uses if use.owner.name not in ("flow.dispatch", *SEEN_THROUGH)]
    if others:
        return [], f"{others[0]} needs the whole of it"
    return list(dict.fromkeys(names)), "" if names else "no layer reads it"


def _number(op):
    value = op.operands[0]
    return ir.BlockArgument(value).arg_number if isinstance(value.owner, ir.Block) else None


def _closure(value):
    """The values that stand for value with other shapes, and itself."""
    found = {value}
    for use in value.uses:
        if use.owner.name in SEEN_THROUGH:
            found |= _closure(use.owner.results[0])
    return found


def _layer(site, dispatch):
    where = str(site.location)
    name = places.node(where) or places.first(where) or dispatch.name
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
