"""Writes a section of docs/tuning.md from what tune found: make_tuning.py SECTION FILE…"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test/reliability"))
import tables  # noqa: E402

GOALS = ("default", "size", "speed")
SHOWN = 3  # kernels of a model, those that gain most


def _speed(found):
    """What the fastest has the least of: estimated cycles, or instructions where the core has no timing table."""
    return found["count"] if found.get("cycles") is None else found["cycles"]


def _flash(found):
    return found["code"] + found["weights"]


def _cell(found):
    """Cycles or instructions, in thousands, and bytes of the model's flash."""
    return "fails" if found["failed"] else f"{_speed(found) / 1000:,.1f} / {_flash(found):,}"


def _share(value, of):
    return f"{100 * value / of:.1f} %"


def _unit(results):
    found = [f for result in results for f in result["found"] if not f["failed"]]
    return "cycles" if all(f.get("cycles") is not None for f in found) else "instructions"


def _ways(result):
    """({goal: what was found}, kernel by kernel)"""
    found = result["found"]
    return {f["optimize"]: f for f in found if f["optimize"]}, next(f for f in found if f["is_kernelwise"])


def _row(result):
    goals, mixed = _ways(result)
    speed, cells = goals["speed"], [_cell(goals[goal]) for goal in GOALS] + [_cell(mixed)]
    if mixed["failed"] or speed["failed"]:
        return [result["model"], *cells, "–", "–", "–"]
    chosen = [kernel for kernel in mixed["forms"].values() if "cost" in kernel]
    shares = [_share(_speed(mixed), _speed(speed)), _share(_flash(mixed), _flash(speed))]
    return [result["model"], *cells, *shares, str(len(chosen))]


def _gains(result):
    """Rows of the kernels that gain most: model, kernel, form, its cost before and after, its bytes."""
    kernels = [(k["cost"][0] - k["cost"][1], name, k) for name, k in _ways(result)[1]["forms"].items() if "cost" in k]
    for gain, name, kernel in sorted(kernels, key=lambda one: -one[0])[:SHOWN]:
        if gain > 0:
            before, after = (" → ".join(f"{n:,}" for n in kernel[key]) for key in ("cost", "bytes"))
            yield [result["model"], f"`{name.split('dispatch_')[-1]}`", f"`{kernel['form']}`", before, after]


def section(results):
    """The text for what tune wrote of several models on one board."""
    unit = _unit(results)
    header = [
        "model",
        *(f"`{goal}`" for goal in GOALS),
        "kernel by kernel",
        f"{unit}, of `speed`",
        "flash, of `speed`",
        "kernels",
    ]
    text = tables.markdown(header, [_row(result) for result in results])
    gains = [row for result in results for row in _gains(result)]
    if gains:
        text += "\n" + tables.markdown(["model", "kernel", "form", unit, "bytes"], gains)
    failed = [(result["model"], f) for result in results for f in result["found"] if f["failed"]]
    lines = [f"- {model}, `flags={f['flags']} rewrites={f['rewrites']}`: {_reason(f)}" for model, f in failed]
    return "\n".join([text, *lines, ""])


def _reason(found):
    """The first line of what the tool said; the line before it names the file."""
    first, *more = found["failed"].splitlines()
    return more[0] if more and first.endswith(":") else first


def main():
    name, *files = sys.argv[1:]
    results = [json.loads(Path(file).read_text()) for file in files]
    tables.write(name, section(results), ROOT / "docs/tuning.md")


if __name__ == "__main__":
    main()
