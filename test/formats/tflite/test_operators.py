"""Single operators: what the importer makes of them, run by IREE on this machine, against LiteRT's reference kernels.

A sample is compiled, each operator at least once; `scons tflite-operators` compiles all. All are imported.
"""

import sys
from pathlib import Path

import pytest

pytest.importorskip("ai_edge_litert")
sys.path.insert(0, str(Path(__file__).parent))

import imported  # noqa: E402
import oracle  # noqa: E402
import verdict  # noqa: E402
from operator_cases import all_cases  # noqa: E402
from operator_cases.arithmetic import POWERS  # noqa: E402
from refusals import REFUSED  # noqa: E402
from sample import sample  # noqa: E402

CASES = all_cases()
SAMPLE = sample(CASES, 120)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    return verdict.judge(tmp_path_factory.mktemp("operators"), SAMPLE)


@pytest.mark.parametrize("case", SAMPLE, ids=lambda c: c.name)
def test_an_operator_answers_as_litert(case, verdicts):
    assert verdicts[case.name].state == "right", verdicts[case.name].words


def test_sums_of_int16_whose_scales_are_powers_of_two(tmp_path):
    assert [found.words for found in verdict.judge(tmp_path, POWERS).values() if found.state != "right"] == []


def test_all_cases_are_imported_or_refused_as_the_table_says(tmp_path):
    answers = oracle.ask(tmp_path / "oracle", {c.name: (c.twin or c.net, c.calls(1), c.optimized) for c in CASES})
    refused = {}
    for case in CASES:
        case.net.resolve(answers[case.name].shapes)
        try:
            imported.import_(tmp_path, case.name, case.net)
        except imported.Refused as error:
            refused[case.name] = str(error)
    assert refused.keys() == REFUSED.keys()
    assert not [words for name, words in refused.items() if REFUSED[name] not in words]
