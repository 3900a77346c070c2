"""Gives a function's transient buffers their places in one arena."""

from ..overlap import pairs
from . import blocks, packing, replay
from .order import economical
from .model import ALIGNMENT, Dispatch, aligned


def _split(before, alignment):
    """(order, steps in that order, blocks): the given order, unless another needs less memory."""
    steps, found = blocks.split(before)
    order = economical(steps, [block.size for block in found])
    other, others = blocks.split([steps[number] for number in order])
    if packing.bound(others, alignment) < packing.bound(found, alignment):
        return order, other, others
    return range(len(before)), steps, found


def place(function, local_memory=lambda kernel: 0, alignment=ALIGNMENT, proven=None):
    """Takes the transient buffers of function apart and sets ``lives``, ``offsets`` and ``arena_size``.

    alignment: of the buffers' offsets. proven: as from `overlap.prove`. ``local_memory`` gives the scratch bytes that a kernel
    wants; they come after everything else. The result is refused unless every step finds what it
    found before.
    """
    before = function.steps
    order, function.steps, found = _split(before, alignment)
    function.transients = [block.size for block in found]
    function.lives = [(block.first, block.last) for block in found]
    shifts = pairs(function.steps, found, proven or {})
    function.offsets, end = packing.pack(found, alignment, shifts)
    replay.check(function.name, before, function.steps, order, function.offsets, end, alignment, shifts)
    scratch = max((local_memory(s.kernel) for s in function.steps if isinstance(s, Dispatch)), default=0)
    function.arena_size = aligned(end) + aligned(scratch) if scratch else end
