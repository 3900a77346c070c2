"""Which layers run by rows: those from the first on that make the arena smallest, by its estimate before kernels are compiled."""

import math

from ..modules import edited, parsed
from ..plan import commands
from ..plan.pushing import Refused
from ..rewrite import dispatches, in_place, one_row, pushed, rows
from ..rewrite.core import Core

PUSHED_NO = "push_rows: no: "  # how the note begins that says why the input cannot be given row by row


def apply(flow, to_stream, alignment, is_in_place, limit=None, is_pushed=False):
    """(flow, notes): the program at the flow phase, whose chosen kernels compute a row at a time.

    to_stream: gives the program (bytes) at the stream phase. limit: bytes of the arena that are few enough for the shortest
    chain; None for the one that needs least. is_pushed: whether the model's input shall be given row by row: a chain that reads it
    so is chosen then, if there is one.
    """
    with parsed(flow, "flow") as module:
        if Core(module).has_mve:
            why = "kernels with MVE cannot be traced, and are not proven by rows"
            return flow, [f"rows: no: {why}", *([PUSHED_NO + why] if is_pushed else [])]
        found = rows.find(module)
        readers, why = pushed.mark(module, found) if is_pushed else ([], "")
        slabs = {name: kernel.slab() for name, kernel in found.items() if isinstance(kernel, rows.Kernel)}
        marks = {d.name: in_place.inputs(d) for d in dispatches.find(module)} if is_in_place else {}
    notes = [f"{name}: rows: no: {why}" for name, why in found.items() if name not in slabs]
    if why:
        return flow, [*notes, PUSHED_NO + why]
    try:
        chosen, least, without = _choose(to_stream(flow), slabs, marks, alignment, limit, readers) if slabs else ([], None, None)
    except Refused as reason:
        return flow, [*notes, f"{PUSHED_NO}{reason}"]
    if not chosen:
        return flow, [*notes, "rows: no layers need less memory by rows"]
    notes += [f"{name}: rows: one of {slabs[name].rows} at a time" for name in chosen]
    notes.append(f"rows: {len(chosen)} kernels, arena {without} without them, {least} with them, about")
    return edited(flow, "flow", lambda module: one_row.apply(module, chosen, is_pushed))[0], notes


def _choose(stream, slabs, marks, alignment, limit, readers=()):
    """(names of kernels, the arena with them, and without).

    readers: of the input that is given row by row, which have to be among them; `Refused` where that cannot be.
    """
    with parsed(stream, "stream") as module:
        parts = commands.read(module)
    if not parts:
        if readers:
            raise Refused("the size of a tensor is known at run time only")
        return [], None, None
    order = list(dict.fromkeys(kernel for steps in parts for s in steps if (kernel := getattr(s, "kernel", None)) in slabs))
    without = least = max(commands.size(steps, alignment, marks, {}) for steps in parts)
    chosen, refusal = [], None
    if readers:
        least = math.inf
    for count in range(1 if readers else 2, len(order) + 1):
        names = order[:count]
        if not set(readers) <= set(names):
            continue
        try:
            size = max(commands.size(steps, alignment, marks, {name: slabs[name] for name in names}) for steps in parts)
        except Refused as reason:
            refusal = reason
            continue
        if size < least:
            chosen, least = names, size
            if limit is not None and size <= limit:
                break
    if readers and not chosen:
        raise refusal or Refused("its layers cannot run by rows")
    return chosen, least, without
