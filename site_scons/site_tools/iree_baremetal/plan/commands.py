"""The arena that a program at the stream phase will need, before its kernels are compiled.

Outputs lie over inputs where `rewrite.in_place` has said that they can.
"""

from iree.compiler import ir

from ..modules import operations, parsed
from ..rewrite import in_place
from . import access, blocks, packing, slabs, streaming
from .model import Copy, Dispatch, Fill, Span

_COMMANDS = ("stream.cmd.fill", "stream.cmd.copy", "stream.cmd.dispatch")


class _Unknown(Exception):
    """A size or an offset that only run time knows."""


def arena_size(program, alignment, is_in_place=False):
    """The most bytes of transient buffers that are in use at one time; None where not known.

    program: the model (bytes) at the stream phase. is_in_place: whether outputs may lie over inputs.
    """
    with parsed(program, "stream") as module:
        marks = in_place.marks(module) if is_in_place else {}
        found, streamed = read(module), slabs.marks(module)
        if found is None:
            return None
        return max((size(steps, alignment, marks, streamed) for steps in found), default=0)


def read(module):
    """The steps of each part of a module at the stream phase; None where a size is known at run time only."""
    try:
        return [[_step(op) for op in operations(execute, *_COMMANDS)] for execute in operations(module, "stream.cmd.execute")]
    except _Unknown:
        return None


def size(steps, alignment, marks, streamed):
    """The most bytes of transient buffers in use at one time.

    marks: as from `in_place.marks`. streamed: {symbol: `slabs.Slab`} of kernels that are called for each row; `Refused` where
    they cannot be.
    """
    if any(isinstance(step, Dispatch) and step.kernel in streamed for step in steps):
        steps, found = blocks.whole(
            streaming.stream(steps, streamed, lambda step, number: number in marks.get(step.kernel, ()), alignment)
        )
    else:
        steps, found = blocks.split(steps)
    return packing.bound(found, alignment, packing.Pairs(_shifts(steps, found, marks, alignment), found))


def _shifts(steps, found, marks, alignment):
    """For `packing.Pairs`: an output over the one that needs most of the inputs that it can take the place of."""
    result = {}
    for number, step in enumerate(steps):
        if not isinstance(step, Dispatch) or step.kernel not in marks:
            continue
        targets = [s.index for s, access in zip(step.bindings, step.access) if access == "w" and s.place == "transient"]
        sources = [step.bindings[n].index for n in marks[step.kernel] if step.bindings[n].place == "transient"]
        sources = [s for s in sources if found[s].last == number and s not in targets]
        for source, target in zip(sorted(sources, key=lambda s: -found[s].size)[:1], targets):
            if found[target].first == number:
                result[source, target] = {max(0, (found[target].size - found[source].size) // alignment * alignment)}
    return result


def _step(op):
    # The operands' order is that of upstream's compiler/src/iree/compiler/Dialect/Stream/IR/StreamOps.td.
    if op.name == "stream.cmd.fill":
        buffer, _, offset, length, _ = op.operands
        return Fill(_span(buffer, offset, length), 0, 1)
    if op.name == "stream.cmd.copy":
        source, _, source_offset, target, _, target_offset, length = op.operands
        return Copy(_span(source, source_offset, length), _span(target, target_offset, length))
    accesses = access.of_dispatch(op)
    count = len(accesses)
    operands = list(op.operands)[-4 * count :] if count else []
    buffers, offsets, lengths = operands[:count], operands[2 * count : 3 * count], operands[3 * count :]
    spans = tuple(_span(*binding) for binding in zip(buffers, offsets, lengths))
    kernel = op.attributes["entry_points"][0].value[-1]
    return Dispatch(kernel, (), (), spans, access=tuple(accesses))


def _span(buffer, offset, length):
    place = "transient" if str(buffer.type) == "!stream.resource<transient>" else "another"
    return Span(place, buffer.arg_number, _constant(offset), _constant(length))


def _constant(value):
    if isinstance(value, ir.BlockArgument) or value.owner.name != "arith.constant":
        raise _Unknown
    return value.owner.attributes["value"].value
