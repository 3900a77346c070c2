"""Single operators of .tflite by way of deploy=direct: many in one model, on this machine and on boards in QEMU.

What they should answer is LiteRT's: test/formats/tflite holds IREE's answers on this machine against it, and verify holds
the boards' against those.
"""

import re
import sys
from pathlib import Path

import numpy
import pytest

pytest.importorskip("ai_edge_litert")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats" / "tflite"))

import imported  # noqa: E402
import verdict  # noqa: E402
from operator_cases import all_cases  # noqa: E402
from refusals import REFUSED  # noqa: E402
from sample import sample  # noqa: E402


@pytest.fixture(scope="module")
def operators(tmp_path_factory):
    """(a module with many operators' functions, what they are fed, as .npz; the count of both)."""
    folder = tmp_path_factory.mktemp("operators")
    ordered = [c for c in sample(all_cases(), 0) if c.name not in REFUSED][::3]
    answers = verdict.oracle.ask(folder / "oracle", {c.name: (c.twin or c.net, c.calls(), c.optimized) for c in ordered})
    modules, fed = {}, {}
    for case in ordered:
        case.net.resolve(answers[case.name].shapes)
        path = imported.import_(folder, case.name, case.net)
        if imported.is_alone(path):
            modules[case.name] = path
            for number, arrays in enumerate(zip(*case.calls())):
                fed[f"{imported.merged_name(case.name)}/input{number}"] = numpy.stack(arrays)
    imported.merge(modules, folder / "operators.mlirbc")
    numpy.savez(folder / "operators.npz", **{k: a.view(f"i{a.itemsize}") if a.dtype.kind == "u" else a for k, a in fed.items()})
    return folder / "operators.mlirbc", folder / "operators.npz", len(modules)


@pytest.mark.parametrize("board", ["host", "mps2-an386", "qemu-rv32"])
def test_operators_answer_the_same_on_boards(checkout, operators, board):
    model, inputs, count = operators
    text = checkout.scons(f"board={board}", f"model={model}", f"inputs={inputs}", "verify")
    calls = int(re.search(r"(\d+) calls", text)[1])
    assert calls == 3 * count and count > 30
