"""A few of the onnx package's backend tests, as conformance.py runs them all; and what it does with what goes wrong."""

import os
import signal
import threading
import time

import backend_tests
import conformance
import judge
import onnx
import pytest
from onnx import TensorProto, helper

# Of different kinds: windows, recurrence, integers, attributes, constants that a user's model has.
NAMES = (
    "test_attention_4d_causal_bf16_expanded",
    "test_averagepool_2d_same_upper",
    "test_conv_with_strides_padding",
    "test_gemm_all_attributes",
    "test_layer_normalization_2d_axis1",
    "test_lstm_defaults",
    "test_quantizelinear",
    "test_reshape_reordered_all_dims",
    "test_softmax_axis_0",
)


@pytest.fixture(scope="module")
def everything():
    return backend_tests.collect()


def test_what_is_for_a_board(everything):
    found, left_out = everything
    names = {case.name for case in found}
    assert len(found) > 1600 and set(NAMES) <= names and not names & set(left_out)
    assert (
        left_out["test_nonzero_example"] == "shapes that depend on data"
        and left_out["test_cast_FLOAT_to_FLOAT8E4M3FN"] == "float8"
    )
    operators = {case.name: case.operator for case in found}
    assert operators["test_conv_with_strides_padding"] == "Conv" and operators["test_gelu_tanh_1_expanded"] == "Gelu"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_right(everything, name, tmp_path):
    case = next(case for case in everything[0] if case.name == name)
    outcome, _, said = judge.judged(case, tmp_path)
    assert outcome == judge.RIGHT, said


def case(operator, right, domain=""):
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [2]) for n in "xy")
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], domain=domain)], "net", [x], [y])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("nowhere", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    return backend_tests.Case(
        "test", operator, model, [onnx.numpy_helper.to_array(helper.make_tensor("x", 1, [2], [1, -2]))], [right]
    )


def test_wrong_answers_and_refusals_are_told_apart(tmp_path, monkeypatch):
    import numpy

    right = numpy.array([-1, 2], "f4")
    outcome, _, said = judge.judged(case("Neg", right), tmp_path / "right")
    assert outcome == judge.RIGHT and not said
    # Abs answers otherwise than these data, as ONNX Runtime does; where that has no answer, or another, it is wrong.
    outcome, _, said = judge.judged(case("Abs", right), tmp_path / "data")
    assert outcome == judge.RIGHT and said.startswith(judge.OTHERWISE) and "y[0]: board 1.0, right is -1.0" in said
    for number, answers in enumerate((None, [right])):
        monkeypatch.setattr(judge, "_of_onnx_runtime", lambda model, inputs, answers=answers: answers)
        outcome, _, said = judge.judged(case("Abs", right), tmp_path / f"wrong{number}")
        assert outcome == judge.WRONG and "y[0]: board 1.0, right is -1.0" in said
    outcome, _, said = judge.judged(case("Odd", right, "nowhere"), tmp_path / "refused")
    assert outcome == judge.REFUSED and "Odd" in said


def test_a_run_that_is_broken_off_leaves_no_process_and_keeps_its_results(tmp_path):
    results = conformance.Results(tmp_path / "results.jsonl", keep=True)
    cases = [backend_tests.Case(name, "", None, [], []) for name in ("quick", "slow", "never")]

    def work(case, folder):
        (tmp_path / f"{case.name}.pid").write_text(str(os.getpid()))
        time.sleep(0 if case.name == "quick" else 600)
        return judge.RIGHT, "given", ""

    # What runs in the background of a shell ignores SIGINT.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        conformance.run(cases, work, results)
    signal.signal(signal.SIGINT, before)
    assert list(conformance.Results(tmp_path / "results.jsonl", keep=True).found) == ["quick"]
    for name in ("slow", "never"):
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / f"{name}.pid").read_text()), 0)


def test_the_word_of_a_run_that_is_broken_off(tmp_path, monkeypatch, capsys):
    def broken_off(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(conformance, "ROOT", tmp_path)
    monkeypatch.setattr(conformance, "RESULTS", tmp_path / "results.jsonl")
    monkeypatch.setattr(conformance, "conform", broken_off)
    monkeypatch.setattr("sys.argv", ["conformance.py"])
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as end:
        conformance.main()
    signal.signal(signal.SIGTERM, before)
    assert (
        end.value.code == 130 and "results.jsonl has 0 results: called again, it goes on there; --page" in capsys.readouterr().out
    )
