"""Where the rows of line buffers lie: all of them in one region, whose gaps go to where rows are written next.

The rows of a tensor follow each other, from the first that is still needed to the last that is there. Tensors lie in the
order from the chain's last to its first; one of which no row is there goes wherever there is a gap. Where there is no room
behind a tensor for the rows that are about to be written, tensors move: those behind it towards the end; where that is not
enough, those up to it to the beginning. So the region is hardly larger than what is needed at the fullest moment.
"""

import math
from dataclasses import dataclass

from .model import aligned


class Full(Exception):
    """The region is too small."""


@dataclass(eq=False)
class Line:
    """The rows of one tensor, first to end, at this offset of the region. size: bytes of a row; unit: divides the offset."""

    size: int
    unit: int
    first: int
    end: int
    offset: int = 0

    @property
    def length(self):
        return (self.end - self.first) * self.size

    @property
    def stop(self):
        return self.offset + self.length

    def at(self, row):
        return self.offset + (row - self.first) * self.size


class Region:
    """lines: {tensor: its `Line`}, in the order of the chain. is_needed(tensor, row, number): from event number on.

    events: (number, tensor, row, count) of the rows that are written; alignment: of the region's size.
    """

    def __init__(self, lines, is_needed, events, alignment):
        self.lines, self.is_needed = lines, is_needed
        self.starts = {line: line.first for line in lines.values()}
        self._size(aligned(self._needed(events), alignment), alignment, events)

    def _size(self, least, unit, events):
        """Sets the size: the least that suffices, or about that, from least on in units."""
        self.size, more = least, unit
        while not self._suffices(events):
            least, self.size, more = self.size + unit, self.size + more, 2 * more
        most = self.size
        while least < most:
            self.size = least + (most - least) // (2 * unit) * unit
            if self._suffices(events):
                most = self.size
            else:
                least = self.size + unit
        self.size = most
        self._begin()

    def _needed(self, events):
        """Bytes of the rows that are there at the fullest moment."""
        self._begin()
        most = 0
        for number, tensor, row, count in events:
            self._drop(number)
            self.lines[tensor].end = row + count
            most = max(most, sum(line.length for line in self.order))
        return most

    def _suffices(self, events):
        """Whether the region is large enough for events; all begins anew then."""
        try:
            self._begin()
            for event in events:
                self.write(*event)
        except Full:
            return False
        self._begin()
        return True

    def _begin(self):
        self.order = list(reversed(self.lines.values()))  # as they lie
        for line, first in self.starts.items():
            line.first = line.end = first
            line.offset = 0

    def write(self, number, tensor, row, count):
        """Makes room for rows of tensor that event number writes; the moves, (from, to, bytes) each, in their order."""
        self._drop(number)
        line = self.lines[tensor]
        if line.first == line.end:
            line.first = line.end = row
            self._choose_gap(line, count * line.size)
        place, there = self.order.index(line), line.length
        line.end = row + count
        moves = []
        if line.stop > self._limit(place):
            furthest = self._furthest(place)
            if line.stop > furthest[0]:
                moves += self._move_up_to(place, there, furthest[0])
            moves += reversed(list(self._move_behind(place)))
        if line.stop > self._limit(place):
            raise Full
        return moves

    def _drop(self, number):
        """Forgets the rows before the first that event number, or a later one, needs."""
        for tensor, line in self.lines.items():
            while line.first < line.end and not self.is_needed(tensor, line.first, number):
                line.first += 1
                line.offset += line.size

    def _choose_gap(self, line, length):
        """Puts an empty line into the smallest gap that has room for so many bytes; where none has, in front of what lies behind it."""
        others = [other for other in self.order if other.length]
        starts = [0, *(aligned(other.stop, line.unit) for other in others)]
        gaps = [(end - start, start, n) for n, (start, end) in enumerate(zip(starts, [*(o.offset for o in others), self.size]))]
        fitting = [gap for gap in gaps if gap[0] >= length]
        if fitting:
            _, line.offset, number = min(fitting)
            self.order.remove(line)
            self.order.insert(self.order.index(others[number]) if number < len(others) else len(self.order), line)
        else:
            line.offset = aligned(max((o.stop for o in self.order[: self.order.index(line)] if o.length), default=0), line.unit)

    def _limit(self, place):
        """Where what lies behind the line at place begins."""
        return next((line.offset for line in self.order[place + 1 :] if line.length), self.size)

    def _furthest(self, place):
        """Where the lines behind place begin if each lies as far at the end as can be; of one that is empty, where the next does."""
        offsets, end = [], self.size
        for line in reversed(self.order[place + 1 :]):
            if line.length:
                end = (end - line.length) // line.unit * line.unit
            offsets.insert(0, end)
        return [*offsets, self.size]

    def _move_up_to(self, place, there, limit):
        """Moves the lines before place to the beginning, and that at place, of which so many bytes are there, up to limit."""
        end = 0
        for line in self.order[:place]:
            if line.length:
                offset = aligned(end, line.unit)
                if offset < line.offset:
                    yield line.offset, offset, line.length
                    line.offset = offset
                end = line.stop
        line = self.order[place]
        offset = (limit - line.length) // line.unit * line.unit
        if offset < end:
            raise Full
        if there and offset != line.offset:
            yield line.offset, offset, there
        line.offset = offset

    def _move_behind(self, place):
        """Moves the lines behind place no farther than they have to, the first of them first: to be done in the opposite order."""
        end = self.order[place].stop
        for line in self.order[place + 1 :]:
            if not line.length:
                continue
            offset = max(line.offset, aligned(end, line.unit))
            # From its end on, piece by piece, where it overlaps itself.
            distance, length = offset - line.offset, line.length
            starts = [0, *range(length % distance or distance, length, distance)] if distance else []
            for start, stop in zip(starts, [*starts[1:], length]):
                yield line.offset + start, offset + start, stop - start
            line.offset = offset
            end = line.stop


def line(size, first, alignment):
    """An empty `Line` of rows of size bytes, from row first on."""
    return Line(size, math.gcd(size, alignment), first, first)
