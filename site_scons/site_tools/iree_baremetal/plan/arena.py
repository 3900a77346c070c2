"""Gives a function's transient buffers their places in one arena."""

from dataclasses import dataclass

from . import blocks, borders, packing, replay
from .model import ALIGNMENT, Dispatch, aligned
from .order import economical, improved
from .overlap import NOTHING, pairs


@dataclass
class _Packing:
    """Steps in an order, and their transient buffers in one arena.

    before: the steps that were to be ordered; order: their numbers in it. shifts: as for `packing.pack`.
    """

    before: list
    order: list
    steps: list
    blocks: list
    shifts: dict
    offsets: list
    size: int


def _ordered(named, order, proven):
    """(steps, blocks, shifts) of steps, whose buffers are blocks already, in this order."""
    steps, found = blocks.split([named[number] for number in order])
    return steps, found, pairs(steps, found, proven)


def _pack(before, alignment, proven):
    """The best `_Packing` of steps: in their own order, unless another needs less memory."""
    named, found = blocks.split(before)

    def cost(order):
        _, found, shifts = _ordered(named, order, proven)
        return packing.bound(found, alignment, packing.Pairs(shifts, found))

    orders = list(range(len(before))), economical(named, [block.size for block in found])
    order = min((improved(named, order, cost) for order in orders), key=cost)
    steps, found, shifts = _ordered(named, order, proven)
    return _Packing(before, order, steps, found, shifts, *packing.pack(found, alignment, shifts))


def _smaller(best, other):
    """The smaller; best where they are equal: what is overlapped or filled later costs code."""
    return other if other.size < best.size else best


def place(function, local_memory=lambda kernel: 0, alignment=ALIGNMENT, proven=None):
    """Takes the transient buffers of function apart and sets ``lives``, ``offsets`` and ``arena_size``.

    alignment: of the buffers' offsets. proven: as from `overlap.prove`. ``local_memory`` gives the
    scratch bytes that a kernel wants; they come after everything else. The result is refused unless
    every step finds what it found before.
    """
    best = _pack(function.steps, alignment, NOTHING)
    if proven:
        best = _smaller(best, _pack(function.steps, alignment, proven))
        if found := borders.find(function.steps, proven):
            best = _smaller(best, _pack(borders.move(function.steps, found, proven), alignment, proven))
    replay.check(function.name, best.before, best.steps, best.order, best.offsets, best.size, alignment, best.shifts)
    function.steps, function.offsets = best.steps, best.offsets
    function.transients = [block.size for block in best.blocks]
    function.lives = [(block.first, block.last) for block in best.blocks]
    scratch = max((local_memory(s.kernel) for s in function.steps if isinstance(s, Dispatch)), default=0)
    function.arena_size = aligned(best.size) + aligned(scratch) if scratch else best.size
