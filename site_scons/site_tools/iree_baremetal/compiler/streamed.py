"""Which layers run by rows: those from the first on that make the arena smallest, by its estimate before kernels are compiled."""

from ..modules import edited, parsed
from ..plan import commands
from ..plan.streaming import Refused
from ..rewrite import dispatches, in_place, one_row, rows
from ..rewrite.core import Core


def apply(flow, to_stream, alignment, is_in_place, limit=None):
    """(flow, notes): the program at the flow phase, whose chosen kernels compute a row at a time.

    to_stream: gives the program (bytes) at the stream phase. limit: bytes of the arena that are few enough for the shortest
    chain; None for the one that needs least.
    """
    with parsed(flow, "flow") as module:
        if Core(module).has_mve:
            return flow, ["rows: no: kernels with MVE cannot be traced, and are not proven by rows"]
        found = rows.find(module)
        slabs = {name: kernel.slab() for name, kernel in found.items() if isinstance(kernel, rows.Kernel)}
        marks = {d.name: in_place.inputs(d) for d in dispatches.find(module)} if is_in_place else {}
    notes = [f"{name}: rows: no: {why}" for name, why in found.items() if name not in slabs]
    chosen, least, without = _choose(to_stream(flow), slabs, marks, alignment, limit) if slabs else ([], None, None)
    if not chosen:
        return flow, [*notes, "rows: no layers need less memory by rows"]
    notes += [f"{name}: rows: one of {slabs[name].rows} at a time" for name in chosen]
    notes.append(f"rows: {len(chosen)} kernels, arena {without} without them, {least} with them, about")
    return edited(flow, "flow", lambda module: one_row.apply(module, chosen))[0], notes


def _choose(stream, slabs, marks, alignment, limit):
    """(names of kernels, the arena with them, and without)."""
    with parsed(stream, "stream") as module:
        parts = commands.read(module)
    if not parts:
        return [], None, None
    order = list(dict.fromkeys(kernel for steps in parts for s in steps if (kernel := getattr(s, "kernel", None)) in slabs))
    without = least = max(commands.size(steps, alignment, marks, {}) for steps in parts)
    chosen = []
    for count in range(2, len(order) + 1):
        names = order[:count]
        try:
            size = max(commands.size(steps, alignment, marks, {name: slabs[name] for name in names}) for steps in parts)
        except Refused:
            continue
        if size < least:
            chosen, least = names, size
            if limit is not None and size <= limit:
                break
    return chosen, least, without
