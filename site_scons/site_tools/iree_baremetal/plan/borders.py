"""Fills of a border in place of fills of a whole buffer.

A padded tensor is filled as a whole before its kernel writes the inner part of it. Where a trace
proves that the kernel reads nothing there (`overlap.prove`), what it leaves can as well be filled
afterwards. The tensor then begins with the kernel, and may lie over what the kernel reads.
"""

from dataclasses import replace

from . import blocks
from .model import Border, Dispatch, Fill, spans


def find(steps, proven):
    """[(number of a fill, number of a dispatch, its binding)]: the fills that can come later as borders.

    proven: as from `overlap.prove`.
    """
    named, found = blocks.split(steps)[0], []
    for number, step in enumerate(named):
        left = proven.left(step) if isinstance(step, Dispatch) else {}
        for binding in left:
            span = step.bindings[binding]
            users = [n for n, other in enumerate(named) if (span.place, span.index) in {(s.place, s.index) for s in spans(other)}]
            fill = named[users[0]]
            if users[1:2] == [number] and isinstance(fill, Fill) and fill.target == span and _byte(fill) is not None:
                found.append((users[0], number, binding))
    return found


def move(steps, found, proven):
    """steps with these fills, as from `find`, behind their dispatches."""
    result, moved = [], {fill for fill, _, _ in found}
    for number, step in enumerate(steps):
        if number in moved:
            continue
        fills = {binding: steps[fill] for fill, dispatch, binding in found if dispatch == number}
        left = proven.left(step) if fills else {}
        if fills:
            step = replace(step, access=tuple("w" if n in fills else access for n, access in enumerate(step.access)))
        result.append(step)
        result += [Border(step.bindings[n], _byte(fill), tuple(left[n])) for n, fill in fills.items()]
    return result


def _byte(fill):
    """The byte that a fill repeats, or None where it is not one."""
    found = set(fill.pattern.to_bytes(fill.width, "little"))
    return found.pop() if len(found) == 1 else None
