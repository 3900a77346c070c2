"""All cases, answered by LiteRT and by the importer's modules on IREE, and held against each other.

python verdict.py ['ADD-*' …]    tells what is not right of the cases of such names
"""

import collections
import fnmatch
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imported
import numpy
import oracle
from operator_cases import all_cases

RELATIVE, ABSOLUTE = 1e-4, 1e-5


@dataclass
class Verdict:
    """state: right, refused (by the importer, with a message), failed (it did not compile or run), wrong, or no oracle."""

    state: str
    words: str = ""


def judge(folder, cases):
    """{case's name: `Verdict`}."""
    answers = oracle.ask(folder / "oracle", {c.name: (c.twin or c.net, c.calls(), c.optimized) for c in cases})
    for case in cases:
        case.net.resolve(answers[case.name].shapes)
    known = [c for c in cases if not answers[c.name].error]
    results = imported.run(folder / "imported", {c.name: (c.net, c.calls()) for c in known})
    return {c.name: verdict(c, answers[c.name], results.get(c.name)) for c in cases}


def verdict(case, answer, found):
    """The `Verdict` on what was found for a case, whose right answer is known."""
    if answer.error:
        return Verdict("no oracle", answer.error.strip().replace("\n", " "))
    if isinstance(found, imported.Refused):
        is_message = found.phase == "import" and ".tflite: " in str(found)
        return Verdict("refused" if is_message else "failed", str(found))
    for call, (right, mine) in enumerate(zip(answer.outputs, found, strict=True)):
        for number, (r, m) in enumerate(zip(right, mine, strict=True)):
            words = difference(r, m, case.exact, 1 if case.optimized else 0)
            if words:
                return Verdict("wrong", f"call {call}, output {number}: {words}")
    return Verdict("right")


def difference(right, mine, exact=False, steps=0):
    """What is wrong with mine, in words; empty where nothing is. Integers have to be equal, or within steps, floats nearly so."""
    if right.shape != mine.shape:
        return f"shape {list(mine.shape)}, not {list(right.shape)}"
    if right.dtype.kind in "fc" and not exact:
        same = (mine == right) | (numpy.isnan(mine) & numpy.isnan(right))
        with numpy.errstate(invalid="ignore"):
            near = numpy.abs(mine.astype("f8") - right) <= ABSOLUTE + RELATIVE * numpy.abs(right)
        wrong = ~(same | near)
    else:
        mine = mine.view(right.dtype) if mine.dtype.itemsize == right.dtype.itemsize else mine.astype(right.dtype)
        wrong = abs(mine.astype("i8") - right.astype("i8")) > steps if steps else mine != right
    if not wrong.any():
        return ""
    place = tuple(int(n) for n in numpy.argwhere(wrong)[0])
    steps = (
        "" if right.dtype.kind == "b" else f", largest difference {numpy.abs(mine.astype('f8') - right.astype('f8')).max():.6g}"
    )
    return f"{int(wrong.sum())} of {right.size} differ, the first at {list(place)}: {mine[place]}, not {right[place]}{steps}"


def _main(patterns):
    """Prints what is not right of the cases whose names match patterns; all without any."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = [c for c in all_cases() if any(fnmatch.fnmatch(c.name, p) for p in patterns or ["*"])]
        verdicts = judge(Path(folder), chosen)
    for name, found in verdicts.items():
        if found.state != "right":
            print(f"{name}: {found.state}: {found.words}")
    print(", ".join(f"{count} {state}" for state, count in collections.Counter(v.state for v in verdicts.values()).items()))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "site_scons" / "site_tools"))
    _main(sys.argv[1:])
