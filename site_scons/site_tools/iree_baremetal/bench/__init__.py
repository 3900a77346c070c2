"""What a model costs on a board: a record of numbers, and the record as a table.

Instructions are counted in the emulator: no cycles, no time. Two runs give the same record. The
whole is that of an untouched build; each kernel is measured around its dispatch in a second build,
and what the kernels do not account for is the glue between them.
"""

from ..errors import BaremetalError


def record(model, board, deploy, function, answer, profiled, counts, peaks, unit):
    """The record of one function.

    answer, profiled: `calls.Answer`s of the untouched and the measuring build; profiled may be
    None where kernels cannot be told apart. function: its entry in the .plan.json. counts: as from
    `macs.count`. peaks: of stack and heap, in bytes; 0 where unknown, or where there is none.
    """
    rows = []
    if profiled:
        if len(profiled.dispatches) != len(function["dispatches"]):
            raise BaremetalError(
                f"{model['model']}: {len(profiled.dispatches)} dispatches were measured, not {len(function['dispatches'])}."
            )
        rows = [
            {"kernel": name, "count": count, "macs": kernel_macs(counts, name)}
            for name, count in zip(function["dispatches"], profiled.dispatches)
        ]
    total = answer.cost
    work = sum(row["macs"] for row in rows)
    return {
        "model": model["model"],
        "function": function["name"],
        "board": board.name,
        "deploy": deploy,
        "unit": unit,
        "count": total,
        "kernels": rows,
        "glue": total - sum(row["count"] for row in rows) if rows else None,
        "macs": work,
        "count_per_mac": round(total / work, 3) if work else None,
        "weights": model["weights"],
        "arena": function["arena"],
        "state": model["state"],
        "stack_peak": peaks[0],
        "heap_peak": peaks[1],
    }


def kernel_macs(counts, symbol):
    """The multiply-accumulates of the kernel called symbol: a dispatch's name, then what it does."""
    return next((n for name, n in counts.items() if symbol == name or symbol.startswith(f"{name}_")), 0)


def table(found):
    """The record as text."""
    unit = found["unit"]
    lines = [f"{found['model']}.{found['function']} on {found['board']}, deploy={found['deploy']}"]
    lines.append(f"{'kernel':<64} {unit:>14} {'share':>6} {'MACs':>12} {'per MAC':>8}")
    for row in found["kernels"]:
        name = row["kernel"].replace("$async", "")
        lines.append(_row(name, row["count"], found["count"], row["macs"]))
    if found["glue"] is not None:
        lines.append(_row("glue", found["glue"], found["count"], 0))
    lines.append(_row("an inference", found["count"], found["count"], found["macs"]))
    lines.append(
        f"weights {found['weights']:,}, arena {found['arena']:,}, state {found['state']:,}, "
        f"stack {found['stack_peak']:,}, heap {found['heap_peak']:,} bytes"
    )
    return "\n".join(lines)


def _row(name, count, whole, work):
    share = f"{100 * count / whole:.1f}%" if whole else ""
    per_mac = f"{count / work:.2f}" if work else ""
    return f"{name[:64]:<64} {count:>14,} {share:>6} {work or '':>12{',' if work else ''}} {per_mac:>8}"
