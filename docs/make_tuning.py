"""Writes a section of docs/tuning.md from what tune found: make_tuning.py SECTION FILE…"""

import json
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test/reliability"))
import tables  # noqa: E402


def _mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def _cell(found, column):
    """Cycles in thousands, or instructions where the core has no table, and the model's flash in bytes; the least of the column marked."""
    passed = [f for f in column if not f["failed"]]
    if found["failed"]:
        return "fails"
    texts = []
    for value, of, shown in ((_speed, passed, lambda n: f"{n / 1000:,.0f}"), (_flash, passed, lambda n: f"{n:,}")):
        least = value(found) == min(map(value, of))
        texts.append(f"**{shown(value(found))}**" if least else shown(value(found)))
    return " / ".join(texts)


def _speed(found):
    """What the fastest has the least of: estimated cycles, or instructions where the core has no timing table."""
    return found["count"] if found.get("cycles") is None else found["cycles"]


def _flash(found):
    return found["code"] + found["weights"]


def _code(found):
    return found["code"]


def _unit(rows):
    return "cycles" if all(f.get("cycles") is not None for row in rows for f in row if not f["failed"]) else "instructions"


def _choice(rows, value):
    """The row that is least on the geometric mean of all models, every one passed."""
    passed = [row for row in rows if not any(f["failed"] for f in row)]
    return min(passed, key=lambda row: _mean([value(f) for f in row]))


def _share(row, default, value):
    """Of what iree-compile does by itself, on the models where that works."""
    return f"{_mean([value(f) / value(d) for f, d in zip(row, default) if not d['failed']]):.2f}"


def _reason(found):
    """The first line of what the tool said; the line before it names the file."""
    first, *more = found["failed"].splitlines()
    return more[0] if more and first.endswith(":") else first


def _name(row):
    return f"`flags={row[0]['flags']} rewrites={row[0]['rewrites']}`{', kernel by kernel' if row[0].get('is_kernelwise') else ''}"


def _verdict(goal, rows, value, unit):
    best, now = _choice(rows, value), next(row for row in rows if row[0]["optimize"] == goal)
    if best is now:
        return f"- `optimize={goal}` is {_name(now)}: the best of these on all models (geometric mean). Confirmed."
    if any(f["failed"] for f in now):
        return f"- `optimize={goal}` is {_name(now)} and fails; {_name(best)} is best."
    share = _mean([value(b) / value(n) for b, n in zip(best, now)])  # of what the default takes
    told = f"- `optimize={goal}` is {_name(now)}; {_name(best)} takes {100 * share:.1f} % of its {unit}"
    return f"{told} on all models (geometric mean)."


def section(results):
    """The text for what tune wrote of several models on one board."""
    rows = list(zip(*(result["found"] for result in results)))
    default = next(row for row in rows if row[0]["optimize"] == "default")
    header = ["flags", "rewrites", "optimize", *(result["model"] for result in results), _unit(rows), "code"]
    lines = []
    for row in rows:
        first, fails = row[0], any(f["failed"] for f in row)
        shares = ["–" if fails else _share(row, default, value) for value in (_speed, _code)]
        cells = [_cell(f, [r[i] for r in rows]) for i, f in enumerate(row)]
        how = [first[key].replace(",", ", ") for key in ("flags", "rewrites")]
        special = "kernel by kernel" if first.get("is_kernelwise") else first["optimize"] or ""
        lines.append([*how, special, *cells, *shares])
    failed = [(result["model"], f) for result in results for f in result["found"] if f["failed"]]
    failures = [f"- {model}, {_name([f])}: {_reason(f)}" for model, f in failed]
    verdicts = [_verdict("speed", rows, _speed, _unit(rows)), _verdict("size", rows, _code, "code")]
    return "\n".join([tables.markdown(header, lines), *verdicts, *failures, ""])


def main():
    name, *files = sys.argv[1:]
    results = [json.loads(Path(file).read_text()) for file in files]
    tables.write(name, section(results), ROOT / "docs/tuning.md")


if __name__ == "__main__":
    main()
