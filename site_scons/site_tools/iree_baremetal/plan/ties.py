"""Buffers of a loop's turns in the same places, so that the turns can share their code.

What one turn leaves to the next may take two places in turn, or more.
"""

from dataclasses import dataclass

from . import repetition
from .model import Border, Dispatch, Fill, Load, spans

_MOST_PLACES = 4  # of a buffer, in turns that follow one another
_MOST_PEELED = 2  # turns at the beginning that differ from the others: what they find was made elsewhere
LEAST = 256  # bytes of the table that must be saved: running a loop takes code


class Tied:
    """Blocks in one place, never two at a time; for `packing`."""

    def __init__(self, blocks):
        self.size = max(block.size for block in blocks)
        self.lives = sorted(life for block in blocks for life in block.lives)
        self.first, self.last = self.lives[0][0], max(last for _, last in self.lives)
        self.known = {}

    def is_possible(self):
        return all(one[1] < other[0] for one, other in zip(self.lives, self.lives[1:]))

    def meets(self, other):
        """Whether both are in use at one time."""
        if other not in self.known:
            self.known[other] = other.known[self] = _meet(self.lives, other.lives)
        return self.known[other]


def _meet(lives, others):
    """Whether any of lives, (first, last) in order and apart, meets one of others."""
    n = m = 0
    while n < len(lives) and m < len(others):
        if lives[n][0] <= others[m][1] and others[m][0] <= lives[n][1]:
            return True
        if lives[n][1] < others[m][1]:
            n += 1
        else:
            m += 1
    return False


@dataclass
class _Union:
    """The sets of numbers that are one."""

    parents: dict

    def find(self, number):
        while (parent := self.parents.get(number, number)) != number:
            number = parent
        return number

    def unite(self, one, other):
        one, other = self.find(one), self.find(other)
        self.parents[max(one, other)] = min(one, other)


def find(steps, blocks):
    """A number for each block, equal for those that share a place; None where there is no loop worth it.

    steps, blocks: as from `blocks.split`.
    """
    repeats = repetition.find([_row(step) for step in steps], [_weight(step) for step in steps])
    union, saved = _Union({}), 0
    for repeat in repeats:
        tied = _tied(repeat, steps, blocks, union)
        if tied:
            union, count = tied
            saved += sum(map(_weight, steps[repeat.start : repeat.start + repeat.period])) * count
    return [union.find(number) for number in range(len(blocks))] if saved >= LEAST else None


def _tied(repeat, steps, blocks, union):
    """(union with the blocks of the repeat's turns, how many turns that spares), or None."""
    for peeled in range(min(_MOST_PEELED, repeat.count - 3) + 1):
        start = repeat.start + peeled * repeat.period
        for places in range(1, _MOST_PLACES + 1):
            turns = (repeat.count - peeled) // places
            if turns < 3:
                break
            found = _Union(dict(union.parents))
            distance, touched = places * repeat.period, set()
            for number in range(start, repeat.end - distance):
                for one, other in zip(spans(steps[number]), spans(steps[number + distance])):
                    if one.place == "transient":
                        found.unite(one.index, other.index)
                        touched.add(one.index)
            if _are_possible(found, blocks, touched):
                return found, (turns - 1) * places
    return None


def _are_possible(union, blocks, touched):
    classes, roots = {}, {union.find(number) for number in touched}
    for number, block in enumerate(blocks):
        if union.find(number) in roots:
            classes.setdefault(union.find(number), []).append(block)
    return all(Tied(found).is_possible() for found in classes.values())


def _weight(step):
    """About how many bytes of the table the step takes."""
    return 3 + 4 * len(spans(step)) + 4 * len(step.constants if isinstance(step, Dispatch) else ())


def _row(step):
    """(key, numbers) of a step for `repetition.find`: which block it is does not count, where in it does."""
    places = [(span.place, span.index if span.place in ("input", "output", "state") else "", span.length) for span in spans(step)]
    key: list = [type(step).__name__, *places]
    numbers = []
    for span in spans(step):
        numbers.append(span.offset + (span.index if span.place == "constant" else 0))
    if isinstance(step, Dispatch):
        key += [step.kernel, step.workgroups, step.access, *("" if isinstance(word, int) else word for word in step.constants)]
        numbers += [word if isinstance(word, int) else 0 for word in step.constants]
    elif isinstance(step, Fill):
        key += [step.pattern, step.width]
    elif isinstance(step, Border):
        key += [step.byte, step.parts]
    elif isinstance(step, Load):
        key.append(step.number)
    return tuple(key), numbers
