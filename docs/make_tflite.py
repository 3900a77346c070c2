"""Writes the table of operators in docs/tflite.md: make_tflite.py PAGE

Every case of test/formats/tflite/operator_cases is answered by LiteRT's reference kernels, imported, compiled for this machine
and run; some minutes. Ends with exit code 1 where an answer is wrong.
"""

import collections
import re
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TOP / folder) for folder in ("site_scons/site_tools", "test/formats/tflite", "test/reliability")]

import tables  # noqa: E402
import verdict  # noqa: E402
from operator_cases import all_cases  # noqa: E402

COLUMNS = ("int8", "int16", "float", "uint8", "hybrid")
_TYPES = {"float32": "float", "float16": "float", "bool": "others", "int32": "others", "int64": "others"}


def rows(cases, verdicts):
    """(operator, a text for each of COLUMNS and for other types)."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for case in cases:
        column = _TYPES.get(case.kind, case.kind)
        found[case.operator][column if column in COLUMNS else "others"].append(verdicts[case.name])
    for operator in sorted(found):
        yield [f"`{operator}`", *(_cell(found[operator][column]) for column in (*COLUMNS, "others"))]


def _cell(verdicts):
    if not verdicts:
        return ""
    states = collections.Counter(v.state for v in verdicts)
    texts = [f"{states[state]} {state}" for state in ("right", "refused", "wrong", "failed", "no oracle") if states[state]]
    return ", ".join(texts)


def reasons(cases, verdicts):
    """Lines that tell why, of what is refused."""
    lines = []
    for case in cases:
        if verdicts[case.name].state == "refused":
            words = re.sub(r"^import: \S+: ", "", verdicts[case.name].words).splitlines()[0]
            lines.append(f"- `{case.name}`: {words}\n")
    return "".join(lines) or "- none\n"


def main(page):
    cases = all_cases()
    with tempfile.TemporaryDirectory() as folder:
        verdicts = verdict.judge(Path(folder), cases)
    states = collections.Counter(v.state for v in verdicts.values())
    count = ", ".join(f"{states[s]} {s}" for s in states)
    tables.write("count", f"{len(cases)} cases: {count}.\n", page)
    tables.write("operators", tables.markdown(["operator", *COLUMNS, "bool, int32, int64"], rows(cases, verdicts)), page)
    tables.write("refused", reasons(cases, verdicts), page)
    print(f"{page}: {len(cases)} cases: {count}")
    wrong = [f"{name}: {v.state}: {v.words}" for name, v in verdicts.items() if v.state not in ("right", "refused")]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
