"""Which layers run by rows, and how many rows at a time.

The chain is that from the first layer on which makes the arena smallest, by its estimate before kernels are compiled. Then its
kernels compute as many rows at a time as take little more: the fewer calls, the fewer cycles.
"""

import math
from dataclasses import replace

from ..modules import edited, parsed
from ..plan import commands
from ..plan.pushing import Refused
from ..rewrite import dispatches, in_place
from ..rewrite.by_rows import few_rows, pushed, rows

PUSHED_NO = "push_rows: no: "  # how the note begins that says why the input cannot be given row by row
MOST = 8  # rows at a time of the layer with the most rows: more save little
MORE = 1.4  # of the least arena may be spent on that


def apply(flow, to_stream, alignment, is_in_place, limit=None, is_pushed=False, single=frozenset()):
    """(flow, notes): the program at the flow phase, whose chosen kernels compute some rows at a time.

    to_stream: gives the program (bytes) at the stream phase. limit: bytes of the arena that are few enough for the shortest
    chain; None for the one that needs least. is_pushed: whether the model's input shall be given row by row: a chain that reads it
    so is chosen then, if there is one. single: names of kernels that can compute one row at a time only.
    """
    with parsed(flow, "flow") as module:
        found = rows.find(module)
        readers, why = pushed.mark(module, found) if is_pushed else ([], "")
        kernels = {name: kernel for name, kernel in found.items() if isinstance(kernel, rows.Kernel)}
        slabs = {name: kernel.slab() for name, kernel in kernels.items()}
        several = {name for name, kernel in kernels.items() if kernel.may_be_several} - single
        marks = {d.name: in_place.inputs(d) for d in dispatches.find(module)} if is_in_place else {}
    notes = [f"{name}: rows: no: {reason}" for name, reason in found.items() if name not in slabs]
    if why:
        return flow, [*notes, PUSHED_NO + why]
    try:
        chosen = _choose(to_stream(flow), slabs, several, marks, alignment, limit, readers) if slabs else None
    except Refused as reason:
        return flow, [*notes, f"{PUSHED_NO}{reason}"]
    if not chosen:
        return flow, [*notes, "rows: no layers need less memory by rows"]
    slabs, least, without = chosen
    notes += [f"{name}: rows: {slab.most} of {slab.rows} at a time" for name, slab in slabs.items()]
    notes.append(f"rows: {len(slabs)} kernels, arena {without} without them, {least} with them, about")
    most = {name: slab.most for name, slab in slabs.items()}
    return edited(flow, "flow", lambda module: few_rows.apply(module, most, is_pushed))[0], notes


def _choose(stream, slabs, several, marks, alignment, limit, readers=()):
    """({name of a kernel: its slab}, the arena with them, and without); None where there are none.

    readers: of the input that is given row by row, which have to be among them; `Refused` where that cannot be.
    """
    with parsed(stream, "stream") as module:
        parts = commands.read(module)
    if not parts:
        if readers:
            raise Refused("the size of a tensor is known at run time only")
        return None

    def size(slabs):
        return max(commands.size(steps, alignment, marks, slabs) for steps in parts)

    order = list(dict.fromkeys(kernel for steps in parts for s in steps if (kernel := getattr(s, "kernel", None)) in slabs))
    without = size({})
    least, chosen, refusal = math.inf if readers else without, None, None
    for count in range(1 if readers else 2, len(order) + 1):
        names = order[:count]
        if not set(readers) <= set(names):
            continue
        try:
            now = size({name: slabs[name] for name in names})
        except Refused as reason:
            refusal = reason
            continue
        if now < least:
            chosen, least = {name: slabs[name] for name in names}, now
            if limit is not None and now <= limit:
                break
    if not chosen:
        if readers:
            raise refusal or Refused("its layers cannot run by rows")
        return None
    return *_faster(
        chosen, several, size, min(max(without - 1, least), int(MORE * least) if limit is None else limit), least
    ), without


def _faster(slabs, several, size, enough, least):
    """(slabs with as many rows at a time as need no more than enough bytes, what they need); least: with one row at a time."""
    for most in range(MOST, 1, -1):
        faster = _several(slabs, several, most)
        now = size(faster)
        if now <= enough:
            return faster, now
    return slabs, least


def _several(slabs, several, most):
    """slabs, with most rows at a time of the layer that has the most, and of others as many for each as belong to them."""
    rows_ = max(slab.rows for slab in slabs.values())
    return {n: replace(slab, most=max(1, most * slab.rows // rows_)) if n in several else slab for n, slab in slabs.items()}
