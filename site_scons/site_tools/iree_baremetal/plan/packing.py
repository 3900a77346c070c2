"""Places blocks in one arena: best of many first-fit packings."""

import random

from .model import aligned

_TRIES = 2000  # of changed orders, where none of the simple ones reaches the bound


def bound(blocks, alignment):
    """The most bytes that are in use at one time: no packing is smaller."""
    steps = {block.first for block in blocks}  # use grows at the first steps only
    return max((sum(aligned(b.size, alignment) for b in blocks if b.first <= s <= b.last) for s in steps), default=0)


def pack(blocks, alignment):
    """(offsets, size): a place for each block, apart from all others that it meets."""
    least = bound(blocks, alignment)
    keys = (
        lambda b: -b.size,
        lambda b: (b.first - b.last, -b.size),
        lambda b: b.size * (b.first - b.last - 1),
        lambda b: (b.first, -b.size),
        lambda b: (-b.last, -b.size),
    )
    numbers = range(len(blocks))
    best = None
    for order in (sorted(numbers, key=lambda n: key(blocks[n])) for key in keys):
        best = _better(best, order, blocks, alignment)
    generator = random.Random(0)  # every build gives the same
    for _ in range(_TRIES):
        if best[0] == least:
            break
        order = list(best[2])
        order.insert(generator.choice(numbers), order.pop(generator.choice(numbers)))
        best = _better(best, order, blocks, alignment)
    size, offsets, _ = best
    return offsets, size


def _better(best, order, blocks, alignment):
    """(size, offsets, order) of the better of best and the packing in this order; the later of equal ones."""
    offsets, size = _first_fit(order, blocks, alignment)
    return (size, offsets, order) if best is None or size <= best[0] else best


def _first_fit(order, blocks, alignment):
    """Each block, in order, at the lowest offset where none is that it meets."""
    offsets, size, placed = [0] * len(blocks), 0, []  # placed: (start, end, block), by start
    for number in order:
        block, offset = blocks[number], 0
        length = aligned(block.size, alignment)
        for start, end, other in placed:
            if other.meets(block):
                if offset + length <= start:
                    break
                offset = max(offset, end)
        offsets[number] = offset
        placed.append((offset, offset + length, block))
        placed.sort(key=lambda item: item[0])
        size = max(size, offset + length)
    return offsets, size
