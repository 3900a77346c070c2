"""What a model costs on a board: a record of numbers, and the record as a table.

Instructions are counted in the emulator, exactly; cycles are estimated from them (`timing`). Two runs give
the same record. On a part (on=probe) the core's own counter measures cycles, beside which the estimate stands. The whole is that of an untouched build; each kernel is measured around its dispatch in a
second build, and what the kernels do not account for is the glue between them.
"""

import math
from dataclasses import dataclass

from ..errors import BaremetalError
from ..plan.model import C_TYPES
from ..timing import flash as flash_wait
from ..timing import possible
from ..timing.estimate import together as one_estimate
from . import arena, hottest, kinds, layers


@dataclass(frozen=True)
class Measured:
    """One call of a function: its answer (`calls.Answer`), the peaks of stack and heap in bytes (0 where unknown), and,
    where cycles are estimated, its `timing.estimate.Estimate`, those of its dispatches, the image's `timing.code.Code`
    and the core's `timing.table.Core`; why_not: what stood in the way. answers: those of all calls, of which it was the last.
    """

    answer: object
    stack: int
    heap: int
    estimate: object = None
    dispatches: tuple = ()
    code: object = None
    core: object = None
    why_not: str = ""
    answers: tuple = ()


def record(model, board, deploy, function, whole, parts, counts, unit, clock=None, nodes=None, flash=None):
    """The record of one function.

    whole, parts: `Measured` of the untouched and the measuring build; parts may be None where kernels cannot be
    told apart. function: its entry in the .plan.json. counts: as from `macs.count`; nodes: as from `nodes.read`, or
    None. clock: of the core, in Hz. flash: a `board.FlashTiming` of the code and the weights, or None.
    """
    rows, over_time = [], arena.over_time(function, model.get("kernels", ()))
    if parts:
        if len(parts.answer.dispatches) != len(function["dispatches"]):
            raise BaremetalError(
                f"{model['model']}: {len(parts.answer.dispatches)} dispatches were measured, not {len(function['dispatches'])}."
            )
        steps, used, grouped = _dispatches(function), _used(over_time), together(function)
        rows = [
            {
                "kernel": steps[own[0]]["kernel"],
                **_layer(nodes, steps[own[0]]["kernel"], steps[own[0]]),
                "count": sum(parts.answer.dispatches[n] for n in own),
                "macs": kernel_macs(counts, steps[own[0]]["kernel"]),
                "arena": max(used[n] for n in own),
            }
            for own in grouped
        ]
        row_of = {n: number for number, own in enumerate(grouped) for n in own}
        for step in over_time["steps"]:
            step["dispatch"] = row_of.get(step["dispatch"])
        for row in rows:
            row |= _possible(row, counts, whole.core)
        for row, own in zip(rows, grouped if parts.dispatches else ()):
            estimate = one_estimate(parts.dispatches[n] for n in own)
            found = kinds.of(estimate, parts.code, parts.core)
            row |= {
                "cycles": estimate.cycles,
                "kinds": kinds.cycles(estimate, found),
                "loops": hottest.loops(estimate, parts.code, found),
            }
    total, cycles = whole.answer.cost, whole.estimate and whole.estimate.cycles
    measured = total if unit == "cycles" else None
    if measured == 0:
        raise BaremetalError(
            f"board {board.name}: its counter of cycles stands still: a debugger or the part's settings keep it off."
        )
    work = sum(row["macs"] for row in rows)
    known = [row for row in rows if row["macs"] and row["possible"]]
    for row in rows:
        row["instructions"] = row["count"] if unit == "instructions" else None
        row.setdefault("cycles", None)
    return {
        "model": model["model"],
        "function": function["name"],
        "board": board.name,
        "deploy": deploy,
        "unit": unit,
        "count": total,
        "instructions": total if unit == "instructions" else None,
        "executed": whole.estimate and whole.estimate.instructions,  # by the plugin: what the board's counter says
        "cycles": cycles,
        "measured": measured,  # cycles, by the part's own counter
        "error": round(cycles / measured - 1, 4) if cycles and measured else None,  # of the estimate
        "timing": whole.core and {"core": whole.core.name, "source": whole.core.source, "leaves_out": whole.core.leaves_out},
        "no_cycles": whole.why_not,
        "clock": clock,
        "milliseconds": round(1e3 * (measured or cycles) / clock, 4) if (measured or cycles) and clock else None,
        "flash": _flash(whole, model["weights"], clock, flash),
        "kernels": rows,
        "glue": total - sum(row["count"] for row in rows) if rows else None,
        "glue_cycles": cycles - sum(row["cycles"] for row in rows) if rows and cycles else None,
        "macs": work,
        "count_per_mac": round(total / work, 3) if work else None,
        "cycles_per_mac": round(cycles / work, 3) if work and cycles else None,
        # Of the layers for whose products an inner loop is known: what their products would take by it, and what they take.
        "possible": {
            "cycles": round(sum(row["macs"] * row["possible"] for row in known)),
            "now": sum(row["cycles"] for row in known),
            "macs": sum(row["macs"] for row in known),
        }
        if known and all(row["cycles"] for row in known)
        else None,
        "weights": model["weights"],
        "arena": function["arena"],
        "state": model["state"],
        "over_time": over_time,
        "inputs": sum(_given(function)),
        "outputs": sum(map(_size, function["outputs"])),
        "stack_peak": whole.stack,
        "heap_peak": whole.heap,
    }


def _flash(whole, weights, clock, timing):
    """What the part's flash adds, at least; None where that is not known."""
    if not (whole.estimate and clock and timing):
        return None
    more = flash_wait.cycles(whole.estimate, weights, timing, clock)
    total = whole.estimate.cycles + more
    return {"wait_states": timing.waits(clock), "cycles": more, "milliseconds": round(1e3 * total / clock, 4)}


def _dispatches(function):
    return [step for step in function["steps"] if step["kind"] == "dispatch"]


def together(function):
    """The numbers of a function's dispatches, those that compute the rows of one layer together."""
    found = {}
    for number, step in enumerate(_dispatches(function)):
        found.setdefault((step["kernel"], step["location"]) if step.get("is_row") else number, []).append(number)
    return list(found.values())


def work(function, counts):
    """The multiply-accumulates of an inference."""
    return sum(kernel_macs(counts, function["dispatches"][own[0]]) for own in together(function))


def _used(over_time):
    """The bytes of the arena that each dispatch finds in use."""
    return [step["used"] for step in over_time["steps"] if step["kind"] == "dispatch"]


def _layer(found, kernel, step):
    nodes = layers.of(found, kernel, step["location"]) if found else []
    return {"layer": layers.label(nodes, kernel), "nodes": nodes}


def _given(function):
    """Bytes of each input; of one that is pushed, of a row."""
    pushed = function.get("pushed")
    for number, tensor in enumerate(function["inputs"]):
        yield pushed["size"] if pushed and number == pushed["input"] else _size(tensor)


def _size(tensor):
    """Bytes of a tensor as in .plan.json; 0 of a dynamic one."""
    return 0 if None in (tensor["shape"] or ()) else math.prod(tensor["shape"] or ()) * C_TYPES[tensor["dtype"]][1]


def kernel_macs(counts, symbol):
    """The multiply-accumulates of the kernel called symbol: a dispatch's name, then what it does."""
    return _counted(counts, symbol)[0]


def _counted(counts, symbol):
    return next((found for name, found in counts.items() if symbol == name or symbol.startswith(f"{name}_")), [0, None])


def _possible(row, counts, core):
    """Cycles a multiply-accumulate of the best inner loop that is known for such a product on core, and which that is."""
    work, kind = _counted(counts, row["kernel"])
    best = possible.of(core, kind) if work else None
    return {"possible": best and best[0], "best_loop": best and best[1]}


def _fitted(name, width):
    return name if len(name) <= width else f"{name[: width - 1]}…"


def table(found):
    """The record as text. Shares and costs a MAC are by cycles where they are measured or estimated."""
    unit, timed = found["unit"], found["cycles"] is not None
    lines = [f"{found['model']}.{found['function']} on {found['board']}, deploy={found['deploy']}"]
    heading, best = (f"{'cycles, est.':>13} ", f"{'possible':>9} ") if timed else ("", "")
    lines.append(f"{'layer':<64} {unit:>13} {heading}{'share':>6} {'MACs':>12} {'per MAC':>8} {best}{'arena':>9}".rstrip())
    rows = [(row["layer"], row["count"], row["cycles"], row["macs"], row["possible"], row["arena"]) for row in found["kernels"]]
    if found["glue"] is not None:
        rows.append(("glue", found["glue"], found["glue_cycles"], 0, None, ""))
    rows.append(("an inference", found["count"], found["cycles"], found["macs"], None, found["arena"]))
    for name, count, cycles, work, best, used in rows:
        cost, whole = (cycles, found["cycles"]) if timed and not found["measured"] else (count, found["count"])
        share = f"{100 * cost / whole:.1f}%" if whole else ""
        per_mac = f"{cost / work:.2f}" if work else ""
        shown = f"{cycles:>13,} " if timed else ""
        at_best = f"{f'{best:.2f}' if best else '':>9} " if timed else ""
        held = f"{used:>9,}" if used != "" else ""
        lines.append(
            f"{_fitted(name, 64):<64} {count:>13,} {shown}{share:>6} {work or '':>12{',' if work else ''}} {per_mac:>8} {at_best}{held}".rstrip()
        )
    if best := found["possible"]:
        lines.append(
            f"possible: by the best inner loops known for this core (docs/cycles.md) the products of {best['macs']:,} MACs would take "
            f"{best['cycles']:,} cycles; their layers take {best['now']:,}, {best['now'] / best['cycles']:.2f} times that"
        )
    lines.append(
        f"weights {found['weights']:,}, arena {found['arena']:,}, state {found['state']:,}, "
        f"stack {found['stack_peak']:,}, heap {found['heap_peak']:,} bytes"
    )
    if found["measured"]:
        lines.append(_measured(found))
    elif timed:
        lines.append(_time(found))
    elif found["no_cycles"]:
        lines.append(f"no cycles: {found['no_cycles']}")
    return "\n".join(lines)


def _at(found):
    return (
        f"{found['milliseconds']:,.3g} ms at {found['clock'] / 1e6:g} MHz"
        if found["milliseconds"]
        else "clock=168M gives milliseconds"
    )


def _measured(found):
    off = (
        f"the estimate for {found['timing']['core']} is {100 * found['error']:+.1f} % off"
        if found["error"] is not None
        else f"no estimate: {found['no_cycles']}"
    )
    return f"cycles are measured on the part; {off}; {_at(found)}"


def _time(found):
    at = _at(found)
    text = f"cycles are estimated for {found['timing']['core']}, without wait states (docs/cycles.md); {at}"
    slow = found["flash"]
    if slow and slow["wait_states"]:
        text += f"\nflash with {slow['wait_states']} wait states adds {slow['cycles']:,} cycles at least: {slow['milliseconds']:,.3g} ms"
    return text
