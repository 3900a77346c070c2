"""What a sweep found: rows with their place on the Pareto front, as JSON, CSV and text.

A row is a dict: model, board, setting, failed ("" where it worked), and the measured `COLUMNS`, None where they are not known.
Sizes are in bytes; flash and ram are the model's: code and weights; arena, state and stack.
"""

import csv
import io
import json

COLUMNS = ("flash", "ram", "cycles", "instructions", "accuracy", "code", "weights", "arena", "state", "stack")


def with_fronts(rows):
    """The rows with "front", on that of their model, and "front_of_all"."""
    models = {}
    for row in rows:
        models.setdefault(row["model"], []).append(row)
    fronts = {name: _front(of) for name, of in models.items()}
    everything = _front(rows)
    return [{**row, "front": id(row) in fronts[row["model"]], "front_of_all": id(row) in everything} for row in rows]


def _front(rows):
    """The ids of those rows than which no other is better in one thing and no worse in any."""
    points = {id(row): _point(row) for row in rows if not row["failed"]}
    return {key for key, point in points.items() if not any(_is_better(other, point) for other in points.values())}


def _point(row):
    """What of the row is to be small. Where cycles are not known instructions stand for them."""
    cycles = row["cycles"] if row["cycles"] is not None else row["instructions"]
    return row["flash"], row["ram"], cycles, -(row["accuracy"] or 0)


def _is_better(one, other):
    return one != other and all(a is None or b is None or a <= b for a, b in zip(one, other))


def as_json(rows, **about):
    return json.dumps({**about, "rows": rows}, indent=1) + "\n"


def as_csv(rows):
    stream = io.StringIO()
    fields = ["model", "board", "setting", *COLUMNS, "front", "front_of_all", "failed"]
    writer = csv.DictWriter(stream, fields, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "front": int(row["front"]), "front_of_all": int(row["front_of_all"])} for row in rows)
    return stream.getvalue()


def text(rows):
    """The fronts as a table for a terminal, and what failed in a line each."""
    shown = [("", "model", "board", "setting", "flash", "ram", "cycles", "instructions", "accuracy")]
    for row in rows:
        if row["front"]:
            numbers = [shown_number(row[name], name) for name in ("flash", "ram", "cycles", "instructions", "accuracy")]
            shown.append(("**" if row["front_of_all"] else "*", row["model"], row["board"], row["setting"], *numbers))
    widths = [max(map(len, column)) for column in zip(*shown)]
    lines = [
        "  ".join(cell.ljust(w) if n < 4 else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths))).rstrip()
        for row in shown
    ]
    failed = [row for row in rows if row["failed"]]
    lines += [f"failed: {row['model']} on {row['board']}, {row['setting']}: {row['failed'].splitlines()[0]}" for row in failed]
    lines.append(
        f"{len(rows)} built, {len(failed)} failed; * on the front of flash, RAM, cycles and accuracy of its model, ** of all"
    )
    return "\n".join(lines)


def shown_number(value, name):
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if name == "accuracy" else f"{value:,}"
