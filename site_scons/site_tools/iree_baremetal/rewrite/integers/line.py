"""Straight lines in integers that stand for step functions.

A step function of an integer x, which never falls, is given by its steps: the least x for each value.
A `Line` gives ``(m * (x + b) + (c << 32)) >> (32 + shift)``, which two instructions of an Arm core
compute (SMMLA, and SSAT with ASR). It equals the step function everywhere if it does at each step and
just before it, because it never falls either: `find` returns only lines that pass this.
"""

from dataclasses import dataclass

import numpy

MAXIMUM_SHIFT = 8  # so that c has room for 8 bits before the shift
SHIFTS = 4  # to be tried: a small one leaves c more room, and m fewer bits
MAXIMUM_X = 2**28
_REACH = 2**15  # of b and c, which share a word


@dataclass(frozen=True)
class Steps:
    """A step function on first…last: below[i] is the greatest x whose value is less than values[i].

    least, greatest: where the line is clamped; between them it has to be right up to first and last.
    turn: the least x that is rounded as what is positive, if what is negative is rounded otherwise (`bend`).
    """

    first: int
    last: int
    first_value: int
    last_value: int
    values: numpy.ndarray
    below: numpy.ndarray
    least: int
    greatest: int
    turn: int | None = None

    def bounds(self):
        """(x, y), (x, y): points that the line must reach, and points that it must stay below."""
        parts: tuple[list, ...] = ([self.below + 1], [self.values], [self.below], [self.values])
        reach_x, reach_y, under_x, under_y = parts
        if self.first_value > self.least:
            reach_x.append([self.first])
            reach_y.append([self.first_value])
        if self.last_value < self.greatest:
            under_x.append([self.last])
            under_y.append([self.last_value + 1])
        joined = [numpy.concatenate(part).astype(numpy.int64) for part in parts]
        return joined[:2], joined[2:]


@dataclass(frozen=True)
class Line:
    m: int
    b: int
    c: int
    shift: int

    def __call__(self, x):
        """The line at an array of x, rounded down."""
        product = self.m * (numpy.asarray(x, numpy.int64) + self.b)
        return ((product >> 32) + self.c) >> self.shift


def slope(steps):
    """About how steep a line would be; 0 where a flat one may do."""
    if len(steps.values) < 2:
        return 0.0
    return float(steps.values[-1] - steps.values[0]) / max(1, int(steps.below[-1] - steps.below[0]))


def common_shift(all_steps):
    """The greatest shift with which the steepest of the lines still has a factor of 31 bits, or None."""
    steepest = max(map(slope, all_steps), default=0.0)
    if steepest <= 0:
        return MAXIMUM_SHIFT
    shift = int(numpy.floor(-numpy.log2(steepest * 1.001))) - 1
    return min(shift, MAXIMUM_SHIFT) if shift >= 0 else None


def choose(all_steps):
    """(shift, a `Line` or None for each of all_steps) with most lines; None where sums are too short for any."""
    greatest, found = common_shift(all_steps), None
    for shift in range(greatest, max(-1, greatest - SHIFTS), -1) if greatest is not None else ():
        lines = [find(one, shift) for one in all_steps]
        if found is None or lines.count(None) < found[1].count(None):
            found = shift, lines
        if None not in lines:
            break
    return found


def find(steps, shift):
    """A `Line` that equals steps for every x, or None."""
    if max(abs(steps.first), abs(steps.last)) > MAXIMUM_X:
        return None
    room = Room(steps, shift)
    best = room.widest()
    low, high = room.limits(best)
    return _offset(best, low, high, shift)


class Room:
    """The offsets that lines through steps may have, by their factor."""

    def __init__(self, steps, shift):
        self.steps = steps
        (self.reach_x, reach_y), (self.under_x, under_y) = steps.bounds()
        self.reach, self.under = reach_y << (32 + shift), (under_y << (32 + shift)) - 1

    def limits(self, m):
        """The least and the greatest offset of lines of factor m."""
        low = (self.reach - m * self.reach_x).max(initial=-(2**62))
        high = (self.under - m * self.under_x).min(initial=2**62)
        return int(low), int(high)

    def widest(self):
        """The factor that leaves most room."""
        return widest(self.limits, 1, 2**31 - 1)

    @property
    def most(self):
        """The greatest offset less the least, for that factor."""
        low, high = self.limits(self.widest())
        return high - low


def widest(room, low, high):
    """The m from low to high whose room(m), (least, greatest) offset, is widest; the width is concave in m."""

    def width(m):
        least, greatest = room(m)
        return greatest - least

    while high - low > 2:
        middle = (low + high) // 2
        low, high = (middle, high) if width(middle) < width(middle + 1) else (low, middle + 1)
    return max(range(low, high + 1), key=width)


def _offset(m, low, high, shift):
    """The `Line` of factor m whose offset m * b + (c << 32) lies in low…high, with the smallest b."""
    low, high = max(low, -_REACH + 1 << 32), min(high, _REACH - 1 << 32)
    if low > high:
        return None
    b = numpy.arange(-_REACH, _REACH, dtype=numpy.int64)
    c = -((m * b - low) >> 32)  # rounded up
    fits = (m * b + (c << 32) <= high) & (abs(c) < _REACH)
    if not fits.any():
        return None
    number = min(numpy.flatnonzero(fits), key=lambda i: abs(b[i]))
    return Line(int(m), int(b[number]), int(c[number]), shift)
