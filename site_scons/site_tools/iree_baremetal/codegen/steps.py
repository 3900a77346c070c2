"""A function's steps as the numbers that support/direct/iree_direct.h runs."""

from ..errors import BaremetalError
from ..plan.model import Border, Copy, Dispatch, Fill, Load
from . import turns
from .turns import Row

_END, _FILL, _COPY, _RUNS, _KERNEL = 0, 1, 2, 3, 4
_MOST_COMMENT = 100  # characters of a place's name
_MOST_UNIT_BITS = 12  # what is aligned to more has short places anyway


class Place(tuple):
    """(base, offset): the number of what the offset is relative to."""


class Steps:
    """The program of a function.

    rows: (comment, numbers and `Place`s) for each step. most_bindings: of one dispatch, at least 1.
    table: the `turns.Table` of the rows. repeat: the number that begins and ends a loop, 0 without loops;
    load: that of a load; take: that of a row of the input that is given row by row.
    The rest is as in iree_direct.h.
    """

    def __init__(self, steps, place, kernels, pushed=None):
        """place: from a span to (base, offset); kernels: symbol -> (number, name for the comment); pushed: `Pushed` or None."""
        dispatches = [step for step in steps if isinstance(step, Dispatch)]
        self.grids = any(tuple(step.workgroups[1:]) != (1, 1) for step in dispatches)
        self.constants = any(step.constants for step in dispatches)
        self.most_bindings = max([1, *(len(step.bindings) for step in dispatches)])
        self.rows, words = [], []
        self.take = _KERNEL + len(kernels) + 2 if pushed else 0
        for step in steps:
            if isinstance(step, Dispatch):
                rows = [self._dispatch(step, place, kernels)]
            elif isinstance(step, Fill):
                rows = _fill(Place(place(step.target)), step.target.length, step.pattern, step.width)
            elif isinstance(step, Border):
                rows = [_runs(place(step.target), runs, step.byte) for runs in step.parts]
            elif isinstance(step, Load):
                rows = [("load", [_KERNEL + len(kernels) + 1, step.number])]
            elif pushed and (step.source.place, step.source.index) == ("input", pushed.input):
                rows = [(f"a row, {pushed.size} bytes", [self.take, Place(place(step.target))])]
            elif isinstance(step, Copy):
                rows = [_copy(Place(place(step.source)), Place(place(step.target)), step.target.length)]
            self.rows += rows
            words += [list(getattr(step, "constants", ()))] * len(rows)
        self.rows.append(("the end", [_END]))
        kinds = {numbers[0] for _, numbers in self.rows}
        self.fills, self.copies, self.borders = _FILL in kinds, _COPY in kinds, _RUNS in kinds
        self.moves = any(isinstance(step, Copy) and step.is_move for step in steps)
        places = [n for _, numbers in self.rows for n in numbers if isinstance(n, Place)]
        self.unit_bits = min([_MOST_UNIT_BITS, *(_trailing_zeros(offset) for _, offset in places)])
        self.base_bits = max([0, *(base for base, _ in places)]).bit_length()
        count = 4 if self.grids else 2  # the place of how many constants there are
        rows = [Row(c, [self._number(n) for n in numbers], w, count) for (c, numbers), w in zip(self.rows, [*words, []])]
        self.table = turns.table(rows, _KERNEL + len(kernels))
        self.words, self.repeat = self.table.words, _KERNEL + len(kernels) if self.table.loops else 0
        self.load = _KERNEL + len(kernels) + 1 if any(isinstance(step, Load) for step in steps) else 0

    def _dispatch(self, step, place, kernels):
        number, name = kernels[step.kernel]
        numbers = [_KERNEL + number, *step.workgroups[: 3 if self.grids else 1]]
        if self.constants:
            numbers.append(len(step.constants))
        numbers.append(len(step.bindings))
        for span in step.bindings:
            numbers += [Place(place(span)), span.length]
        return f"{name}{', ' * bool(step.location)}{_in_comment(step.location)}", numbers

    def bytes(self):
        """(comment, bytes) of each row of the table."""
        return [(comment, b"".join(map(turns.leb128, numbers))) for comment, numbers in self.table.rows]

    def _number(self, number):
        if isinstance(number, Place):
            base, offset = number
            number = ((offset >> self.unit_bits) << self.base_bits) + base
        if number >= 1 << 32:
            raise BaremetalError("the model's buffers or weights are too large for deploy=direct; use deploy=static.")
        return number


def _in_comment(place):
    """A place in the model, which may be any text, for a comment of C."""
    printable = "".join(c if c.isprintable() else "?" for c in place.replace("*/", "* /").replace("/*", "/ *"))
    return printable if len(printable) <= _MOST_COMMENT else f"{printable[: _MOST_COMMENT - 1]}…"


def _fill(target, length, pattern, width):
    """Rows that fill; whole words are filled at multiples of 4 only, and with a pattern of 4 bytes."""
    base, offset = target
    if not length:
        return []
    if width == 8 and pattern >> 32 != pattern & 0xFFFFFFFF:
        return _fill_doubles(target, length, pattern)
    repeated = pattern.to_bytes(width, "little") * (8 // width)
    head = min(-offset % 4, length) if length >= 4 else 0
    rows = _fill((base, offset), head, pattern, width) if head else []
    word = int.from_bytes(repeated[head : head + 4], "little")
    return [*rows, (f"fill with 0x{word:08x}", [_FILL, Place((base, offset + head)), length - head, word])]


def _fill_doubles(target, length, pattern):
    """The first eight bytes by words, the others by copies of what is there, each twice as long."""
    base, offset = target
    rows = _fill(target, 4, pattern & 0xFFFFFFFF, 4) + _fill((base, offset + 4), 4, pattern >> 32, 4)
    done = 8
    while done < length:
        more = min(done, length - done)
        rows.append(_copy(Place(target), Place((base, offset + done)), more))
        done += more
    return rows


def _runs(target, runs, byte):
    base, offset = target
    counts_and_strides = [number for pair in zip(runs.counts, runs.strides) for number in pair]
    return f"border of 0x{byte:02x}", [_RUNS, Place((base, offset + runs.start)), runs.length, byte, *counts_and_strides]


def _copy(source, target, length):
    return "copy", [_COPY, source, target, length]


def _trailing_zeros(offset):
    return (offset & -offset).bit_length() - 1 if offset else _MOST_UNIT_BITS
