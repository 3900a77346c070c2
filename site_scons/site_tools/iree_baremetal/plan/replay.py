"""The proof of a packing: both plans are run on marks, and every step must read the same.

It shares nothing with what makes the packing. Memory holds marks in place of bytes: which step,
through which of its spans, wrote a byte last; a copy moves marks. A byte that a step reads, or that
the function leaves to others, must carry the same mark in the packed plan as in the plan before,
unless nobody had written it there.
"""

import numpy

from ..errors import BaremetalError
from .model import Copy, accesses

_UNWRITTEN = 0


_KEPT = ("output", "state")  # what others find afterwards
_GIVEN = ("input", "constant", "state")  # what holds something before


class _Memory:
    """Marks of all buffers; where(span) gives (buffer, offset in it)."""

    def __init__(self, where):
        self.where, self.buffers = where, {}

    def view(self, span):
        """The marks of span, which it may change."""
        key, offset = self.where(span)
        end = offset + span.length
        marks = self.buffers.get(key)
        if marks is None or len(marks) < end:
            grown = _initial(span, max(end, 2 * len(marks) if marks is not None else end))
            if marks is not None:
                grown[: len(marks)] = marks
            self.buffers[key] = marks = grown
        return marks[offset:end]


def _initial(span, size):
    """The marks of span's buffer before anything is done."""
    if span.place not in _GIVEN:
        return numpy.full(size, _UNWRITTEN, "u8")
    return (1 << 63) + (_GIVEN.index(span.place) << 60) + (span.index << 30) + numpy.arange(size, dtype="u8")


def _run(steps, identities, where, may_overlap=lambda one, other: False):
    """What every step reads, and the memory in the end: ({identity: [marks of each span]}, `_Memory`)."""
    memory, found = _Memory(where), {}
    for step, identity in zip(steps, identities):
        touched = accesses(step)
        _apart(step, touched, where, may_overlap)
        found[identity] = [memory.view(span).copy() if "r" in access else None for span, access in touched]
        if isinstance(step, Copy) and step.source.length == step.target.length:
            memory.view(step.target)[:] = found[identity][0]
            continue
        for index, (span, access) in enumerate(touched):
            if "w" in access:
                memory.view(span)[:] = (identity + 1 << 40) + (index << 32) + numpy.arange(span.length, dtype="u8")
    return found, memory


def _apart(step, touched, where, may_overlap):
    """Refuses a step that writes where it also reads or writes something else, but for one that moves bytes ahead."""
    if isinstance(step, Copy) and step.is_move:
        return
    places = [(*where(span), span.length, span, access) for span, access in touched]
    for number, (buffer, start, length, span, access) in enumerate(places):
        for other_buffer, other_start, other_length, other, other_access in places[:number]:
            overlap = buffer == other_buffer and start < other_start + other_length and other_start < start + length
            if overlap and "w" in access + other_access and span != other and not may_overlap(span, other):
                raise BaremetalError(f"{_name(step)} would write over what it also uses: {span} and {other}.")


def _name(step):
    return getattr(step, "kernel", type(step).__name__.lower())


def _in_itself(span):
    """Where a span lies with each buffer in a place of its own."""
    return (span.place, span.index), span.offset


def check(name, before, after, order, offsets, size, alignment, shifts=None):
    """Refuses the packed steps ``after`` of function name unless they do what those ``before`` do.

    order: the number in before of each step of after; copies may be missing. offsets, size: of the transient buffers of
    after in the arena. shifts: {(input, output): how many bytes the one may begin after the other},
    for pairs of them that a step may have in one place.
    """

    def packed(span):
        if span.place != "transient":
            return _in_itself(span)
        start = offsets[span.index] + span.offset
        if start + span.length > size or offsets[span.index] % alignment:
            raise BaremetalError(f"{name}: {span} lies at {start} of an arena of {size} bytes. {_REPORT}")
        return "arena", start

    def may_overlap(one, other):
        shift = offsets[one.index] - offsets[other.index]
        allowed = (shifts or {}).get((one.index, other.index), ()), (shifts or {}).get((other.index, one.index), ())
        return shift in allowed[0] or -shift in allowed[1]

    try:
        expected, kept = _run(before, range(len(before)), _in_itself)
        found, left = _run(after, order, packed, may_overlap)
    except BaremetalError as error:
        raise BaremetalError(f"{name}: {error} {_REPORT}") from error
    missing = set(range(len(before))) - set(order)
    if len(order) + len(missing) != len(before) or not all(isinstance(before[number], Copy) for number in missing):
        raise BaremetalError(f"{name}: the packed plan has other steps. {_REPORT}")
    for number in order:
        step = before[number]
        for (span, _), wanted, got in zip(accesses(step), expected[number], found[number]):
            if wanted is not None and _differ(wanted, got):
                raise BaremetalError(f"{name}: step {number}, {_name(step)}, would not find in {span} what it reads. {_REPORT}")
    _check_left(kept, left, f"{name}: ")


def check_moves(before, after, order):
    """Refuses steps ``after``, which have more copies, unless each of the others finds what it finds in those ``before``.

    order: the number in before of each step of after; None for a copy that only moves what is there.
    """

    expected, kept = _run(before, range(len(before)), _in_itself)
    identities = [len(before) + n if number is None else number for n, number in enumerate(order)]
    found, left = _run(after, identities, _in_itself)
    for number in filter(lambda n: n is not None, order):
        for wanted, got in zip(expected[number], found[number]):
            if wanted is not None and _differ(wanted, got):
                raise BaremetalError(f"a row of {_name(before[number])} would not find what it reads. {_REPORT}")
    _check_left(kept, left)


def _check_left(kept, left, name=""):
    """Refuses memory that is left as left, where others find it afterwards, unless that is as kept. name: what a message begins with."""
    for (place, index), wanted in kept.buffers.items():
        if place in _KEPT and _differ(wanted, left.buffers.get((place, index), wanted[:0])):
            raise BaremetalError(f"{name}{place} {index} would not be left as it should. {_REPORT}")


def _differ(wanted, got):
    """Whether marks that matter are others; what is missing at the end of got was not written."""
    got = numpy.concatenate([got[: len(wanted)], numpy.full(max(0, len(wanted) - len(got)), _UNWRITTEN, "u8")])
    return bool(((wanted != got) & (wanted != _UNWRITTEN)).any())


_REPORT = "This is a defect of the packing: please report the model."
