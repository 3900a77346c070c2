"""Dead memory made visible: what of the arena holds nothing before each dispatch.

Sources compiled with IREE_DIRECT_POISON fill it with 0xAA, so that a kernel which reads what the
packing took for dead gives another answer than the host.
"""

from ..plan.model import Dispatch


def dead(function):
    """(dispatch, start, end) of each stretch of the arena that is dead before the dispatch of that number."""
    found = []
    dispatches = [number for number, step in enumerate(function.steps) if isinstance(step, Dispatch)]
    for dispatch, step in enumerate(dispatches):
        at = 0
        for start, end in sorted(_alive(function, step)) + [(function.arena_size, function.arena_size)]:
            if at < start:
                found.append((dispatch, at, start))
            at = max(at, end)
    return found


def _alive(function, step):
    """(start, end) of each buffer with a content that step or a later one may read."""
    for (first, last), offset, size in zip(function.lives, function.offsets, function.transients):
        if first < step <= last:
            yield offset, offset + size


def table(function, c_name):
    """The C of the table, for sources that are compiled so."""
    rows = [f"    {{{dispatch}, {start}, {end}}}," for dispatch, start, end in dead(function)]
    lines = ["#ifdef IREE_DIRECT_POISON", f"static const iree_direct_dead_t {c_name}_dead[] = {{", *rows]
    return [*lines, "    {UINT32_MAX, 0, 0},", "};", "#endif"]
