"""Places blocks in one arena: best of many first-fit packings."""

import heapq
import random
import sys

from .model import aligned

_TRIES = 2000  # of changed orders, where none of the simple ones reaches the bound
_SHIFTS = 8  # of each pair, the best to try


class Pairs:
    """Blocks that may overlap though both are in use.

    shifts: {(input block, output block): how many bytes the one may begin after the other}.
    """

    def __init__(self, shifts, blocks):
        self.shifts, self.unions = shifts, {}
        for (source, target), allowed in shifts.items():
            sizes = blocks[source].size, blocks[target].size
            self.unions[source, target] = heapq.nsmallest(_SHIFTS, ((_union(shift, *sizes), shift) for shift in allowed))

    def allow(self, one, start, other, other_start):
        """Whether block one may lie at start while other lies at other_start."""
        return start - other_start in self.shifts.get((one, other), ()) or other_start - start in self.shifts.get(
            (other, one), ()
        )

    def starts(self, number, length, placed):
        """Where block number may share its place with one that is placed: (start, end, other)."""
        found = set()
        for start, _, other in placed:
            found |= {start + shift for _, shift in self.unions.get((number, other), ())}
            found |= {start - shift for _, shift in self.unions.get((other, number), ())}
        if found:  # or beside others
            found |= {0, *(end for _, end, _ in placed), *(start - length for start, _, _ in placed)}
        return sorted(offset for offset in found if offset >= 0)

    def saved(self, blocks):
        """{step: the bytes that overlapping blocks spare while it runs}, where blocks live as these do."""
        found = {}
        for (source, target), unions in self.unions.items():
            if follow(blocks, source, target):
                step = blocks[target].first
                found[step] = found.get(step, 0) + blocks[source].size + blocks[target].size - unions[0][0]
        return found


def follow(blocks, source, target):
    """Whether the step that uses block source last is the first to use block target."""
    return blocks[source].last == blocks[target].first


def _union(shift, source_size, target_size):
    return max(target_size, source_size + shift) - min(0, shift)


def used(blocks, alignment, pairs=None):
    """{step: the bytes that are in use then}, of the steps at which something comes into use."""
    changes = {}  # step: [bytes that come into use, bytes that are free from there on]
    for block in blocks:
        for first, last in block.lives:
            changes.setdefault(first, [0, 0])[0] += aligned(block.size, alignment)
            changes.setdefault(last + 1, [0, 0])[1] += aligned(block.size, alignment)
    total, result, saved = 0, {}, pairs.saved(blocks) if pairs else {}
    for step, (more, less) in sorted(changes.items()):
        total += more - less
        if more:
            result[step] = total - saved.get(step, 0)
    return result


def bound(blocks, alignment, pairs=None):
    """The most bytes that are in use at one time: no packing is smaller."""
    return max(used(blocks, alignment, pairs).values(), default=0)


def pack(blocks, alignment, shifts=None):
    """(offsets, size): a place for each block, apart from all others that it meets.

    shifts: where two may overlap all the same, as for `Pairs`.
    """
    pairs = Pairs(shifts or {}, blocks)
    least = bound(blocks, alignment, pairs)
    keys = (
        lambda b: -b.size,
        lambda b: (b.first - b.last, -b.size),
        lambda b: b.size * (b.first - b.last - 1),
        lambda b: (b.first, -b.size),
        lambda b: (-b.last, -b.size),
    )
    numbers = range(len(blocks))
    best = (sys.maxsize, [], [])
    for order in (sorted(numbers, key=lambda n: key(blocks[n])) for key in keys):
        best = _better(best, order, blocks, alignment, pairs)
    generator = random.Random(0)  # every build gives the same
    for _ in range(_TRIES):
        if best[0] <= least:
            break
        order = list(best[2])
        order.insert(generator.choice(numbers), order.pop(generator.choice(numbers)))
        best = _better(best, order, blocks, alignment, pairs)
    size, offsets, _ = best
    return offsets, size


def _better(best, order, blocks, alignment, pairs):
    """(size, offsets, order) of the better of best and the packing in this order; the later of equal ones."""
    offsets, size = _first_fit(order, blocks, alignment, pairs)
    return (size, offsets, order) if size <= best[0] else best


def _first_fit(order, blocks, alignment, pairs):
    """Each block, in order, at the lowest offset where none is that it meets."""
    offsets, size, placed = [0] * len(blocks), 0, []  # placed: (start, end, block), by start
    for number in order:
        length = aligned(blocks[number].size, alignment)
        met = [item for item in placed if blocks[item[2]].meets(blocks[number])]
        offset = _gap(length, met)
        for start in pairs.starts(number, length, met):
            if start < offset and all(_apart(number, start, start + length, item, pairs) for item in met):
                offset = start
        offsets[number] = offset
        placed.append((offset, offset + length, number))
        placed.sort()
        size = max(size, offset + length)
    return offsets, size


def _gap(length, met):
    """The lowest offset with length bytes that are free."""
    offset = 0
    for start, end, _ in met:
        if offset + length <= start:
            break
        offset = max(offset, end)
    return offset


def _apart(number, start, end, item, pairs):
    other_start, other_end, other = item
    return end <= other_start or other_end <= start or pairs.allow(number, start, other, other_start)
