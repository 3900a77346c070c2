"""docs/operators.md: what became of each operator's tests."""

import collections
import re
from pathlib import Path

import exporters
import judge
import onnx
from iree_baremetal import compiler

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operators.md"
_TEXT = """# ONNX operators

Made by `scons conformance`, from the backend tests of the onnx package, {onnx}, with iree-base-compiler {iree}: each
model is imported, compiled, built and run on this machine as a user's would be, and its answers are held against the
package's own: integers bitwise, quantized outputs within one step, floats within 1e-4 relative + 1e-5, half
precision within a unit in its last place, bfloat16 within two, as onnx's own runner of these tests has it. A test is right as it is given or, where IREE wants shapes, axes or weights
to be constants, as exporters write them, with all inputs but the first as constants; and where the package's data
round, or are of another opinion than ONNX Runtime, whose answer it is.{sample}

**{right:,} of {all:,} tests are right, {share:.1f} %; {wrong} wrong; {refused} are refused by a message; {traceback} end in a traceback, {endless} never.**
Of those that are right, some were also built for boards and run in QEMU: {boards}.

Left out are {left_out:,} tests of what a board cannot be given, or no test can expect: {reasons}.

{wrong_ones}## Models of exporters

Made by frameworks where they are installed; right is what the framework itself answers, of quantized ones
ONNX Runtime. Weights are random, sizes small.

| model, exporter | |
|---|---|
{exporters}

## Operators

| operator | tests | right | wrong | refused | why |
|---|---|---|---|---|---|
{rows}
"""


def write(everything, left_out, found, samples):
    """Writes the page; samples: board -> names of the cases that were chosen for it.

    Of a run that was broken off it tells what was done: a sample, as the tests are taken in a shuffled order.
    """
    every, everything = everything, [case for case in everything if case.name in found]
    outcomes = collections.Counter(found[case.name]["outcome"] for case in everything)
    said = []
    for board, names in samples.items():
        mine = collections.Counter(found[f"{board}:{name}"]["outcome"] for name in names if f"{board}:{name}" in found)
        others = "".join(f", {count} {outcome}" for outcome, count in mine.items() if outcome != judge.RIGHT)
        said.append(f"{mine[judge.RIGHT]} of {sum(mine.values())} right on {board}{others}")
    entries = [found[case.name] for case in everything]
    rows = [
        _row(operator, [found[c.name] for c in everything if c.operator == operator])
        for operator in sorted({c.operator for c in everything})
    ]
    values = {
        "onnx": onnx.__version__,
        "iree": compiler.version(compiler.find()),
        "all": len(everything),
        "sample": ""
        if len(everything) == len(every)
        else f" A random sample of {len(everything):,} of all {len(every):,} was run.",
        "share": 100 * outcomes[judge.RIGHT] / len(everything),
        "left_out": len(left_out),
        "boards": "; ".join(said) or "none yet",
        "reasons": ", ".join(f"{reason} ({count})" for reason, count in collections.Counter(left_out.values()).most_common()),
        "wrong_ones": _listed("Wrong answers", entries, lambda e: e["outcome"] == judge.WRONG)
        + _listed(
            "Right as ONNX Runtime has it",
            entries,
            lambda e: e["outcome"] == judge.RIGHT and e["said"].startswith(judge.OTHERWISE),
        ),
        "exporters": "\n".join(_exported(e.name, found.get(f"exporter:{e.name}")) for e in exporters.ALL),
        "rows": "\n".join(rows),
        **{outcome: outcomes[outcome] for outcome in (judge.RIGHT, judge.WRONG, judge.REFUSED, judge.BROKEN, judge.ENDLESS)},
    }
    PAGE.write_text(_TEXT.format(**values))
    print(f"{PAGE}: {values['right']} of {values['all']} right, {values['wrong']} wrong")


def _listed(title, entries, wanted):
    """A section of those entries, a line each; "" where there is none."""
    lines = [f"- {entry['name']}: {_short(entry['said'].removeprefix(judge.OTHERWISE))}\n" for entry in entries if wanted(entry)]
    return "".join([f"## {title}\n\n", *lines, "\n"]) if lines else ""


def _exported(name, entry):
    outcome, said = (entry["outcome"], _short(entry["said"])) if entry else (judge.NOT_RUN, "")
    return f"| {name} | {outcome}{'' if outcome == judge.RIGHT or not said else ': ' + said} |"


def _row(operator, entries):
    count = collections.Counter(entry["outcome"] for entry in entries)
    reasons = collections.Counter(
        _short(entry["said"]) for entry in entries if entry["outcome"] not in (judge.RIGHT, judge.WRONG)
    )
    why = "; ".join(f"{reason} ({number})" for reason, number in reasons.most_common(3)).replace("|", "\\|")
    refused = sum(count.values()) - count[judge.RIGHT] - count[judge.WRONG]
    return f"| {operator} | {len(entries)} | {count[judge.RIGHT]} | {count[judge.WRONG] or ''} | {refused or ''} | {why} |"


def _short(said):
    """The first line of a message, without places and names that differ from test to test."""
    line = next((line for line in said.strip().splitlines() if line.strip()), "no message")
    line = re.sub(r"\S*/(\S+\.(onnx|mlir)\S*)", r"\1", line)
    line = re.sub(r"^\S*net\.\w+[\d:]*:? *(error: )?", "", line)
    line = re.sub(r", node '[^']*'(, '[^']*')*", "", line)
    return re.sub(r"\s+", " ", line)[:120]
