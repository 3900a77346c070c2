"""Gives a function's transient buffers their places in one arena."""

from dataclasses import dataclass

from . import blocks, borders, copies, packing, replay, ties
from .model import ALIGNMENT, Dispatch, aligned, spans
from .order import economical, improved
from .overlap import NOTHING, pairs, possible

_WORK = 10_000_000  # bounds how many orders are tried: each takes time with the square of the steps
_FEW = 150  # steps: of more, other orders are not tried where a loop is found


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


def _pack(before, alignment, proven):
    """The best `_Packing` of steps: in their own order, unless another needs less memory."""
    named, found = blocks.split(before, alignment)
    over, touched = packing.Pairs(possible(named, proven), found), blocks.touched(named)

    def cost(order):
        return packing.bound(blocks.reordered(found, touched, order), alignment, over)

    orders = list(range(len(before))), economical(named, [block.size for block in found])
    tries = min(500, _WORK // max(1, len(before) ** 2))
    order = min((improved(named, order, cost, tries) for order in orders), key=cost)
    steps, found = blocks.split([named[number] for number in order], alignment)
    shifts = pairs(steps, found, proven)
    return _Packing(before, order, steps, found, shifts, *packing.pack(found, alignment, shifts))


def _in_order(before, alignment, proven):
    """The `_Packing` of steps in their own order, whose buffers are what lies together."""
    steps, found = blocks.whole(before)
    shifts = pairs(steps, found, proven)
    return _Packing(before, list(range(len(before))), steps, found, shifts, *packing.pack(found, alignment, shifts))


def _smaller(best, other):
    """The smaller; best where they are equal: what is overlapped or filled later costs code."""
    return other if other.size < best.size else best


def _tied(before, alignment):
    """The `_Packing` of steps in their own order, with the turns of loops alike; None where there is no such loop."""
    steps, found = blocks.split(before, alignment)
    classes = ties.find(steps, found)
    if classes is None:
        return None
    numbers = {root: number for number, root in enumerate(sorted(set(classes)))}
    together = [[] for _ in numbers]
    for block, root in zip(found, classes):
        together[numbers[root]].append(block)
    offsets, size = packing.pack([ties.Tied(members) for members in together], alignment)
    return _Packing(before, list(range(len(before))), steps, found, {}, [offsets[numbers[root]] for root in classes], size)


def _best(steps, alignment, proven):
    """The `_Packing` of steps that takes least."""
    tied = _tied(steps, alignment)
    if tied and len(steps) > _FEW:
        return tied
    best = _pack(steps, alignment, NOTHING)
    if proven:
        best = _smaller(best, _pack(steps, alignment, proven))
        if found := borders.find(steps, proven):
            best = _smaller(best, _pack(borders.move(steps, found, proven), alignment, proven))
    return _smaller(tied, best) if tied else best


def place(function, local_memory=lambda kernel: 0, alignment=ALIGNMENT, proven=None, is_ordered=False):
    """Takes the transient buffers of function apart and sets ``lives``, ``offsets`` and ``arena_size``.

    alignment: of the buffers' offsets. proven: as from `overlap.prove`. ``local_memory`` gives the
    scratch bytes that a kernel wants; they come after everything else. Copies that can be spared
    go. is_ordered: whether steps and buffers stay as they are. The result is refused unless every step finds what it found before.
    """
    if is_ordered:
        steps, kept = function.steps, list(range(len(function.steps)))
        best = _in_order(steps, alignment, proven or NOTHING)
    else:
        steps, kept = copies.saved(function.steps, alignment, [tensor.size for tensor in function.outputs])
        best = _best(steps, alignment, proven)
    if best.before is steps:
        order = [kept[number] for number in best.order]
        replay.check(function.name, function.steps, best.steps, order, best.offsets, best.size, alignment, best.shifts)
    else:  # with borders: that the copies can go is checked apart
        _check_copies(function, steps, kept, alignment)
        replay.check(function.name, best.before, best.steps, best.order, best.offsets, best.size, alignment, best.shifts)
    function.steps, function.offsets = best.steps, best.offsets
    function.transients = [block.size for block in best.blocks]
    function.lives = [(block.first, block.last) for block in best.blocks]
    scratch = max((local_memory(s.kernel) for s in function.steps if isinstance(s, Dispatch)), default=0)
    function.arena_size = aligned(best.size) + aligned(scratch) if scratch else best.size


def _check_copies(function, steps, kept, alignment):
    """Replays steps, which lack copies, with each of their buffers in a place of its own."""
    ends = {}
    for step in steps:
        for span in spans(step):
            if span.place == "transient":
                ends[span.index] = max(ends.get(span.index, 0), span.offset + span.length)
    offsets, size = {}, 0
    for index, end in ends.items():
        offsets[index] = size
        size += aligned(end, alignment)
    replay.check(function.name, function.steps, steps, kept, offsets, size, alignment)
