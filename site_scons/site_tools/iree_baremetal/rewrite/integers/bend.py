"""Lines with a bend, for what TFLite makes of a sum: it rounds twice, and the second time negative numbers away from zero.

Both roundings are one, ``(factor * x + addend) >> shift``, but that what is negative has 2**31 less in the addend
(`formats.tflite.rescale`). With ``y = (x << up) + b``, a `Bend` gives ``((m * y >> 32) + c - (y < 0)) >> shift``, where
this is one unit, as m << up is twice the factor. It never falls as x grows, so that it equals the original everywhere if it
does at each step and just before it, as a `line.Line`. Where y turns from negative to positive, no step is near: b has room.
"""

from dataclasses import dataclass

import numpy

from . import line

MAXIMUM_C = 2**26  # it shares a word with the shift
_UPS = 6, 7, 5, 8, 4, 3, 2, 1  # m has 32 bits less so many; b has so many more
_TRIED = 2**16  # values of b


@dataclass(frozen=True)
class Bend:
    m: int
    b: int
    c: int
    shift: int
    up: int

    def __call__(self, x):
        """The bent line at an array of x, rounded down."""
        y = (numpy.asarray(x, numpy.int64) << self.up) + self.b
        return ((self.m * y >> 32) + self.c - (y < 0)) >> self.shift


def choose(all_steps):
    """(up, a `Bend` or None for each of all_steps, which have a turn) with most bends; None where sums are too long for any."""
    furthest = max(max(abs(one.first), abs(one.last), abs(one.first - one.turn), abs(one.last - one.turn)) for one in all_steps)
    found = None
    for up in _UPS:
        if furthest << up >= 2**30:
            continue
        bends = [find(one, up) for one in all_steps]
        if found is None or bends.count(None) < found[1].count(None):
            found = up, bends
        if None not in bends:
            break
    return found


def find(steps, up):
    """A `Bend` that equals steps, which have a turn, for every x, or None."""
    steep = line.slope(steps)
    if steep <= 0:
        return None
    guess = int(numpy.floor(-numpy.log2(steep)))
    found = (_of_shift(steps, up, shift) for shift in (guess, guess - 1, guess + 1) if 0 <= shift < 32)
    return next((bend for bend in found if bend), None)


def _of_shift(steps, up, shift):
    (reach_x, reach_y), (under_x, under_y) = steps.bounds()
    turn, one = steps.turn << up, 1 << 32
    reach = (reach_y << (32 + shift)) + one * (reach_x < steps.turn)
    under = (under_y << (32 + shift)) - 1 + one * (under_x < steps.turn)
    reach_x, under_x = reach_x << up, under_x << up

    def room(m):
        low = (reach - m * reach_x).max(initial=-(2**62))
        high = (under - m * under_x).min(initial=2**62)
        return int(low), int(high)

    m = line.widest(room, 1 << (31 - up), (1 << (32 - up)) - 1)
    low, high = room(m)
    points = numpy.concatenate([reach_x, under_x])
    least = -points[points >= turn].min(initial=turn + _TRIED)
    greatest = -points[points < turn].max(initial=turn - _TRIED) - 1
    b = numpy.arange(max(least, -turn - _TRIED // 2), min(greatest, -turn + _TRIED // 2) + 1, dtype=numpy.int64)
    c = -((m * b - low) >> 32)  # rounded up
    fits = (m * b + (c << 32) <= high) & (abs(c) < MAXIMUM_C)
    if low > high or not fits.any():
        return None
    number = min(numpy.flatnonzero(fits), key=lambda i: abs(b[i] + turn))
    return Bend(int(m), int(b[number]), int(c[number]), shift, up)
