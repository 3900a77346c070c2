"""Single sums for which a line is right only at their neighbour.

Where the original rounds a tie to the other side, in floats often by rounding only, one step comes one sum too early or
too late for any line. A line that has it beside its place serves where such a sum is replaced by its neighbour first.
"""

from dataclasses import dataclass, replace

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith, scf

from .. import emit
from . import line

MOST = 6  # of a channel
_NO_SUM = -(2**31)


@dataclass(frozen=True)
class Excepted(line.Line):
    """exceptions: (x, d), the line is right for x at x + d."""

    exceptions: tuple = ()

    def __call__(self, x):
        """The line at an array of x, rounded down."""
        x = numpy.array(x, numpy.int64)
        return super().__call__(x + sum((x == place) * by for place, by in self.exceptions))


def complete(all_steps, choice):
    """(shift, `Line`s), as of `line.choose`, with others in the place of those that are None; as it was where one has none."""
    shift, lines = choice
    found: list = []
    for steps, one in zip(all_steps, lines):
        found.append(one or find(steps, shift))
        if found[-1] is None:
            return choice
    return shift, found


def find(steps, shift):
    """An `Excepted` line that equals steps for every x, or None."""
    wanted = steps
    exceptions: tuple = ()
    for _ in range(MOST + 1):
        found = line.find(wanted, shift)
        if found:
            return Excepted(found.m, found.b, found.c, found.shift, exceptions)
        moved = [_moved(wanted, number, by) for number, by in _closest(line.Room(wanted, shift))]
        choices = [(one, exception) for one, exception in filter(None, moved) if not _meets(exception, exceptions)]
        if not choices:
            return None
        wanted, exception = max(choices, key=lambda choice: line.Room(choice[0], shift).most)
        exceptions = (*exceptions, exception)
    return None


def _closest(room):
    """(number of a step, the way that it has to go) of those that leave lines no room.

    Of three conditions that no line fulfils one has to go, and those that bind on both sides of the widest are such.
    """
    found = []
    best = room.widest()
    for m in (best - 1, best, best + 1):
        found += [(int((room.reach - m * room.reach_x).argmax()), 1), (int((room.under - m * room.under_x).argmin()), -1)]
    return [one for one in dict.fromkeys(found) if one[0] < len(room.steps.values)]


def _moved(steps, number, by):
    """(steps with that number one x later (by = 1) or earlier (-1), the exception that makes up for it); None where the
    neighbour has another value, too."""
    x = int(steps.below[number]) + (by > 0)
    alone = steps.first <= x + by <= steps.last and numpy.count_nonzero(steps.below == steps.below[number]) == 1
    if not alone or (steps.below == steps.below[number] + by).any():
        return None
    below = steps.below.copy()
    below[number] += by
    return replace(steps, below=below), (x, by)


def _meets(exception, others):
    """Whether one of these replaces what the other takes."""
    x, by = exception
    return any(x in (other, other + step) or x + by == other for other, step in others)


class Table:
    """Replaces sums by their neighbours, in a kernel.

    numbers: of each channel, 0 without exceptions, else which of rows is its own; counts: of each channel's exceptions. A row has for each exception twice the
    sum, with what it begins with, and one more where the next smaller sum takes its place.
    """

    def __init__(self, lines):
        rows, self.numbers, self.counts = [], numpy.zeros(len(lines), numpy.int32), numpy.zeros(len(lines), numpy.int32)
        for channel, found in enumerate(lines):
            if isinstance(found, Excepted) and found.exceptions:
                rows.append([2 * (x + found.b) + (by < 0) for x, by in found.exceptions])
                self.numbers[channel], self.counts[channel] = len(rows), len(found.exceptions)
        self.length = max(map(len, rows), default=0)
        self.rows = numpy.array([row + [_NO_SUM] * (self.length - len(row)) for row in rows], numpy.int32)

    def prepare(self, has_numbers=True):
        """Makes the tables, at the current insertion point. has_numbers: that of numbers, too."""
        if self.length:
            self._rows = emit.table(self.rows.reshape(-1))
        if self.length and has_numbers:
            is_short = self.numbers.max() <= 255
            self._numbers = emit.table(self.numbers.astype(numpy.uint8).view(numpy.int8) if is_short else self.numbers)

    def _number(self, channel):
        number = emit.load(self._numbers, channel)
        return number if number.type == emit.i32() else emit.byte_of(number)

    def has(self, channel):
        """Whether a channel has exceptions, where one has."""
        return arith.cmpi(arith.CmpIPredicate.ne, self._number(channel), emit.word(0))

    def apply(self, sums, channel, number=None):
        """The sums of a channel as its line takes them. number: of `numbers`, where the caller has it."""
        if not self.length:
            return sums
        number = number or self._number(channel)
        choice = scf.IfOp(arith.cmpi(arith.CmpIPredicate.ne, number, emit.word(0)), [emit.i32()] * len(sums), has_else=True)
        with ir.InsertionPoint(choice.then_block):
            row = arith.index_cast(ir.IndexType.get(), number)
            start = emit.plus(emit.scaled(row, self.length), -self.length)
            scf.yield_(
                emit.loop(self.length, sums, lambda turn, *now: self._replaced(emit.load(self._rows, emit.add(start, turn)), now))
            )
        with ir.InsertionPoint(choice.else_block):
            scf.yield_(sums)
        return list(choice.results)

    def by_channel(self):
        """What is compared with the sums of each channel, [turn][channel]."""
        none = numpy.full([1, self.length], _NO_SUM, numpy.int32)
        return numpy.concatenate([none, self.rows.reshape(-1, self.length)])[self.numbers].T

    @staticmethod
    def _replaced(own, sums):
        return replaced(own, sums)


def replaced(own, sums):
    """sums, or vectors of them, as their line takes them; own: one exception of a row, or a vector of such."""
    for value in sums:
        one, two = (_like(value, emit.word(number)) for number in (1, 2))
        difference = arith.subi(own, arith.shli(value, one))
        by = arith.subi(one, arith.shli(difference, one))
        fits = arith.cmpi(arith.CmpIPredicate.ult, difference, two)
        yield arith.select(fits, emit.add(value, by), value)


def _like(value, number):
    """number, or a vector of it where value is one."""
    return emit.lanes_of(number, value.type.shape[0]) if isinstance(value.type, ir.VectorType) else number
