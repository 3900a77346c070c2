"""Where a sequence repeats itself: a stretch of rows again and again, the numbers in it growing evenly.

Loops of a host program are evaluated turn by turn, and exporters unroll them, too; this finds them back.
"""

from dataclasses import dataclass

_WRAP = 0xFFFFFFFF  # numbers are 32 bits wide: so are their differences
_FEWEST = 3  # turns: two differences tell that they grow evenly


@dataclass(frozen=True)
class Repeat:
    """Rows start to start + period * count: count turns of period rows each."""

    start: int
    period: int
    count: int

    @property
    def end(self):
        return self.start + self.period * self.count


def find(rows, weights):
    """The `Repeat`s in rows, in order and apart: those first that save most of the rows' weights.

    rows: (key, numbers) of each; what repeats has equal keys, and as many numbers.
    """
    if len(rows) < _FEWEST:
        return []
    import numpy  # here: a null build has no use for it

    numbered = {}
    keys = numpy.array([numbered.setdefault((key, len(numbers)), len(numbered)) for key, numbers in rows])
    numbers = numpy.zeros((len(rows), max(1, *(len(found) for _, found in rows))), "i8")
    for row, (_, found) in zip(numbers, rows):
        row[: len(found)] = found
    sums = numpy.concatenate([[0], numpy.cumsum(weights)])
    result, ranges = [], [(0, len(rows))]
    while ranges:
        first, end = ranges.pop()
        best = _best(keys[first:end], numbers[first:end], sums[first : end + 1])
        if best:
            result.append(Repeat(best.start + first, best.period, best.count))
            ranges += [(first, result[-1].start), (result[-1].end, end)]
    return sorted(result, key=lambda repeat: repeat.start)


def _best(keys, numbers, sums):
    """The `Repeat` that saves most, or None."""
    best, most = None, 0
    for period in range(1, len(keys) // _FEWEST + 1):
        same = keys[period:] == keys[:-period]
        inner = same[:-period] & same[period:]  # of row period + n: its neighbours a turn before and after are alike
        for start, end in _runs(inner, period):
            middle = numbers[start + period : end + period]
            bend = numbers[start + 2 * period : end + 2 * period] - 2 * middle + numbers[start:end]
            even = ((bend & _WRAP) == 0).all(axis=1)
            for inner_start, inner_end in _runs(even, period):
                found = Repeat(start + inner_start, period, (inner_end - inner_start) // period + 2)
                saved = (sums[found.start + period] - sums[found.start]) * (found.count - 1)
                if saved > most:
                    best, most = found, saved
    return best


def _runs(flags, least):
    """(start, end) of the stretches of at least that many true flags."""
    import numpy

    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], flags.astype("i1"), [0]])))
    return [(start, end) for start, end in zip(edges[::2].tolist(), edges[1::2].tolist()) if end - start >= least]
