"""Copies that need not be made: what is copied dies there, so it can live where it would be copied to.

A loop of the host program carries its tensors from turn to turn by such copies.
"""

from dataclasses import dataclass, field

from . import blocks, packing
from .model import Copy, Span, accesses, with_spans


@dataclass
class _Group:
    """Blocks in one place: {block: where its first byte is}; used from step first to step last.

    output: the caller's buffer that the place is in, or None.
    """

    start: int
    end: int
    first: int
    last: int
    members: dict = field(default_factory=dict)
    output: int | None = None
    size: int = 0  # of the output

    def takes(self, other, shift, is_equal):
        """Whether other can lie here, shift bytes further on; is_equal: only where it lies as this does."""
        start, end = other.start + shift, other.end + shift
        if self.output is not None:
            return 0 <= start and end <= self.size
        return not is_equal or (start, end) == (self.start, self.end)

    def absorb(self, other, shift):
        self.start, self.end = min(self.start, other.start + shift), max(self.end, other.end + shift)
        self.first = min(self.first, other.first)
        self.members.update({block: at + shift for block, at in other.members.items()})


def saved(steps, alignment, output_sizes):
    """(steps without copies that can be spared, the numbers in steps of those that are left).

    No more memory is needed at a time than before. output_sizes: of the caller's buffers, in bytes.
    """
    everything = list(range(len(steps)))
    if not any(isinstance(step, Copy) for step in steps):
        return steps, everything
    least = packing.bound(blocks.split(steps, alignment)[1], alignment)
    for is_equal in (False, True):
        found, kept = _saved(steps, alignment, output_sizes, is_equal)
        if kept != everything and packing.bound(blocks.split(found, alignment)[1], alignment) <= least:
            return found, kept
    return steps, everything


def _offset(span, group):
    """Where span begins in its group's place."""
    return span.offset + (group.members[span.index] if span.place == "transient" else 0)


def _saved(steps, alignment, output_sizes, is_equal):
    named, found = blocks.split(steps, alignment)
    groups = [_Group(0, b.size, b.first, b.last, {number: 0}) for number, b in enumerate(found)]
    group_of = dict(enumerate(groups))
    outputs = {index: _Group(0, 0, len(steps), len(steps), output=index, size=size) for index, size in enumerate(output_sizes)}
    for number, step in enumerate(named):
        for span, _ in accesses(step):
            if span.place == "output" and span.index in outputs:
                outputs[span.index].first = min(outputs[span.index].first, number)

    def into(span):
        return outputs[span.index] if span.place == "output" else group_of[span.index]

    dropped = set()
    for number in reversed(range(len(named))):
        step = named[number]
        if not isinstance(step, Copy) or step.source.place != "transient" or step.source.length != step.target.length:
            continue
        if not (step.target.place == "transient" or step.target.place == "output" and step.target.index in outputs):
            continue
        source, target = group_of[step.source.index], into(step.target)
        shift = _offset(step.target, target) - _offset(step.source, source)
        if source is target or source.output is not None or source.last != number or target.first != number:
            continue
        if shift % alignment or not target.takes(source, shift, is_equal):
            continue
        target.absorb(source, shift)
        group_of.update(dict.fromkeys(source.members, target))
        dropped.add(number)

    def place(span):
        if span.place != "transient":
            return span
        group = into(span)
        if group.output is not None:
            return Span("output", group.output, _offset(span, group), span.length)
        return Span("transient", min(group.members), _offset(span, group) - group.start, span.length)

    kept = [number for number in range(len(named)) if number not in dropped]
    return [with_spans(named[number], place) for number in kept], kept
