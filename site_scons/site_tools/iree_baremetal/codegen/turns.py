"""The turns of a loop as one stretch of a function's table, run again and again.

A stretch begins and ends with the number that follows the last kernel's. Behind the first stand how many
turns, and how many numbers of a turn come before the first that changes from turn to turn. Each that
changes is followed by its change (zigzag), and by how many numbers come before the next. A dispatch
in a stretch has its constants in line, behind their count.
"""

from dataclasses import dataclass, field

from ..plan import repetition
from ..plan.ties import LEAST

_WRAP = 0xFFFFFFFF


@dataclass
class Row:
    """A step of the table: its numbers, and the constants it passes, whose count is number ``at``."""

    comment: str
    numbers: list
    words: list = field(default_factory=list)
    at: int = 0

    @property
    def in_line(self):
        """The numbers with the constants behind their count."""
        return self.numbers[: self.at + 1] + self.words + self.numbers[self.at + 1 :]

    @property
    def weight(self):
        """Bytes of flash."""
        return sum(len(leb128(number)) for number in self.numbers) + 4 * len(self.words)


@dataclass
class Table:
    """(comment, numbers) of each row, and the constants of the dispatches that do not have them in line, in order.

    most: the most constants that a dispatch has in line. loops: whether there are any.
    """

    rows: list
    words: list
    most: int = 0
    loops: bool = False


def leb128(number):
    result = bytearray()
    while number >= 0x80:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*result, number])


def table(rows, repeat):
    """The `Table` of `Row`s; with loops, if they save enough bytes. repeat: the number that begins and ends one."""
    made, at, saved = Table([], []), 0, 0
    for loop in repetition.find([_comparable(n, row) for n, row in enumerate(rows)], [row.weight for row in rows]):
        turns = rows[loop.start : loop.end]
        numbers = _loop(turns, loop, repeat)
        gain = sum(row.weight for row in turns) - sum(len(leb128(n)) for _, row in numbers for n in row)
        if gain > 0:
            _append(made, rows[at : loop.start])
            made.rows += numbers
            made.most = max([made.most, *(len(row.words) for row in turns)])
            made.loops, at, saved = True, loop.end, saved + gain
    if saved < LEAST:
        made, at = Table([], []), 0
    _append(made, rows[at:])
    return made


def _comparable(number, row):
    """What `repetition.find` compares; a row with constants that run time sets is like no other."""
    if not all(isinstance(word, int) for word in row.words):
        return number, []
    return (row.numbers[0], len(row.words)), row.in_line


def _append(made, rows):
    made.rows += [(row.comment, row.numbers) for row in rows]
    made.words += [word for row in rows for word in row.words]


def _loop(turns, loop, repeat):
    """The rows of a loop; turns: all that it stands for."""
    first, second = turns[: loop.period], turns[loop.period : 2 * loop.period]
    changes = [_zigzag(b - a) for one, other in zip(first, second) for a, b in zip(one.in_line, other.in_line)]
    # How many numbers come before each that changes; the end of the turn counts, too.
    places = [number for number, change in enumerate(changes) if change] + [len(changes) + 1]
    distances = [b - a - 1 for a, b in zip([-1, *places], places)]
    rows, number, changed = [("%d turns:" % loop.count, [repeat, loop.count, distances[0]])], 0, 0
    for row in first:
        numbers = []
        for value in row.in_line:
            numbers.append(value)
            if changes[number]:
                changed += 1
                numbers += [changes[number], distances[changed]]
            number += 1
        rows.append((row.comment, numbers))
    return [*rows, ("again", [repeat])]


def _zigzag(change):
    """A difference of 32 bits as a number without sign, small where the difference is."""
    change &= _WRAP
    return change << 1 if change < 1 << 31 else (_WRAP - change << 1) + 1
