"""Gives a function's transient buffers their places in one arena."""

from . import blocks, packing, replay
from .model import ALIGNMENT, Dispatch, aligned


def place(function, local_memory=lambda kernel: 0, alignment=ALIGNMENT):
    """Takes the transient buffers of function apart and sets ``offsets`` and ``arena_size``.

    alignment: of the buffers' offsets. ``local_memory`` gives the scratch bytes that a kernel
    wants; they come after everything else. The result is refused unless every step finds what it
    found before.
    """
    before = function.steps
    function.steps, found = blocks.split(before)
    function.transients = [block.size for block in found]
    function.offsets, end = packing.pack(found, alignment)
    replay.check(function.name, before, function.steps, range(len(before)), function.offsets, end, alignment)
    scratch = max((local_memory(s.kernel) for s in function.steps if isinstance(s, Dispatch)), default=0)
    function.arena_size = aligned(end) + aligned(scratch) if scratch else end
