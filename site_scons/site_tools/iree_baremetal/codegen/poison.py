"""Dead memory made visible: what of the arena holds nothing before each dispatch.

Sources compiled with IREE_DIRECT_POISON fill it with 0xAA, so that a kernel which reads what the
packing took for dead gives another answer than the host.
"""

import numpy

from ..plan.model import Dispatch, accesses


def dead(function):
    """(dispatch, start, end) of each stretch of the arena that is dead before the dispatch of that number.

    Dead is what no buffer in use has, and of those in use, as a line buffer is all the time, what is written before it is
    read again.
    """
    number, found = sum(isinstance(step, Dispatch) for step in function.steps), []
    is_read = numpy.zeros(function.arena_size, bool)  # later, before it is written
    for at, step in reversed(list(enumerate(function.steps))):
        touched = [(_bytes(function, span), access) for span, access in accesses(step) if span.place == "transient"]
        for place, access in sorted(touched, key=lambda pair: "r" in pair[1]):
            is_read[place] = "r" in access
        if isinstance(step, Dispatch):
            number -= 1
            found += [(number, *stretch) for stretch in reversed(_stretches(~(is_read & _in_use(function, at))))]
    return found[::-1]


def _bytes(function, span):
    start = function.offsets[span.index] + span.offset
    return slice(start, start + span.length)


def _in_use(function, step):
    """Of each byte of the arena, whether it is in a buffer with a content that step or a later one may read."""
    found = numpy.zeros(function.arena_size, bool)
    for (first, last), offset, size in zip(function.lives, function.offsets, function.transients):
        if first < step <= last:
            found[offset : offset + size] = True
    return found


def _stretches(is_dead):
    """(start, end) of each."""
    return numpy.flatnonzero(numpy.diff(is_dead, prepend=False, append=False)).reshape(-1, 2).tolist()


def table(function, c_name):
    """The C of the table, for sources that are compiled so."""
    rows = [f"    {{{dispatch}, {start}, {end}}}," for dispatch, start, end in dead(function)]
    lines = ["#ifdef IREE_DIRECT_POISON", f"static const iree_direct_dead_t {c_name}_dead[] = {{", *rows]
    return [*lines, "    {UINT32_MAX, 0, 0},", "};", "#endif"]
