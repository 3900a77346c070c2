"""Transient buffers taken apart into blocks: what must stay together, and nothing else.

IREE's compiler packs all buffers of a function into few large ones. A value in there begins where
something is written without regard to what was there before, and ends with its last reader. Values
that one reader takes together stay side by side: they are one block.
"""

from dataclasses import dataclass, replace

from .model import Span, accesses, with_spans


@dataclass
class Block:
    """Bytes start to end of a transient buffer, in use from step first to step last."""

    start: int
    end: int
    first: int
    last: int

    @property
    def size(self):
        return self.end - self.start

    @property
    def lives(self):
        """(first, last) step of each time that it is in use."""
        return [(self.first, self.last)]

    def meets(self, other):
        """Whether both are in use at one time."""
        return self.first <= other.last and other.first <= self.last

    def absorb(self, other):
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)


class _Buffer:
    """A transient buffer's bytes: which value each range of them holds at the moment."""

    def __init__(self, edges, alignment):
        self.edges, self.alignment = sorted(edges), alignment
        self.holds = dict.fromkeys(self.edges)  # start of a range -> value
        self.parents, self.blocks = [], []

    def find(self, value):
        while self.parents[value] != value:
            value = self.parents[value]
        return value

    def touch(self, number, span, access):
        """The value that step number has in span."""
        ranges = [edge for edge in self.edges if span.offset <= edge < span.offset + span.length]
        value = len(self.parents)
        self.parents.append(value)
        start = span.offset - span.offset % self.alignment  # what is aligned in the buffer stays so in the block
        self.blocks.append(Block(start, span.offset + span.length, number, number))
        if "r" in access:
            for old in {self.find(self.holds[r]) for r in ranges if self.holds[r] is not None}:
                self.parents[old] = value
                self.blocks[value].absorb(self.blocks[old])
        for r in ranges:
            self.holds[r] = value
        return value


def split(steps, alignment=1):
    """(steps, blocks): the steps with each block as a transient buffer of its own.

    alignment: of what blocks start with in their buffers.
    """
    edges = {}
    for step in steps:
        for span, _ in accesses(step):
            if span.place == "transient":
                edges.setdefault(span.index, set()).update((span.offset, span.offset + span.length))
    buffers = {index: _Buffer(found, alignment) for index, found in sorted(edges.items())}
    values = {}
    for number, step in enumerate(steps):
        # Readers first: a step that also writes there reads what was there before.
        for span, access in sorted(accesses(step), key=lambda found: "r" not in found[1]):
            if span.place == "transient" and (number, span) not in values:
                values[number, span] = buffers[span.index].touch(number, span, access)
    found = {}
    for index, buffer in buffers.items():
        found.update({(index, v): buffer.blocks[v] for v, parent in enumerate(buffer.parents) if v == parent})
    order = sorted(found, key=lambda key: (found[key].first, key[0], found[key].start))
    blocks, numbers = [found[key] for key in order], {key: number for number, key in enumerate(order)}

    def change(number):
        def place(span):
            if span.place != "transient":
                return span
            block = numbers[span.index, buffers[span.index].find(values[number, span])]
            return Span("transient", block, span.offset - blocks[block].start, span.length)

        return place

    return [with_spans(step, change(number)) for number, step in enumerate(steps)], blocks


def whole(steps):
    """(steps, blocks): as `split`, but each transient buffer is a block from the first step that uses it to the last."""
    found = {}
    for number, step in enumerate(steps):
        for span, _ in accesses(step):
            if span.place == "transient":
                own = Block(0, span.offset + span.length, number, number)
                found.setdefault(span.index, own).absorb(own)
    numbers = {index: number for number, index in enumerate(found)}

    def change(span):
        return replace(span, index=numbers[span.index]) if span.place == "transient" else span

    return [with_spans(step, change) for step in steps], list(found.values())


def touched(steps):
    """For each step the numbers of the blocks that it uses."""
    return [{span.index for span, _ in accesses(step) if span.place == "transient"} for step in steps]


def reordered(found, touched, order):
    """The blocks of steps that `split` gave, for another order in which each step finds what it found: they only live otherwise."""
    first, last = {}, {}
    for at, number in enumerate(order):
        for block in touched[number]:
            first.setdefault(block, at)
            last[block] = at
    return [Block(block.start, block.end, first[n], last[n]) for n, block in enumerate(found)]
