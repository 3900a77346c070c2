"""LiteRT as the reference of .tflite files: which kernels answer, and the first operator that differs."""

import dataclasses

import numpy
import pytest

pytest.importorskip("ai_edge_litert")
from iree_baremetal import compiler  # noqa: E402
from iree_baremetal.errors import BaremetalError  # noqa: E402
from iree_baremetal.formats.tflite import reference, registry  # noqa: E402
from iree_baremetal.plan.model import Function, Tensor  # noqa: E402
from iree_baremetal.verify import calls, first_difference  # noqa: E402
from net import Net  # noqa: E402

FUNCTIONS = [Function("invoke", [Tensor("x", "f32", (2, 3))], [Tensor("y", "f32", (2, 3))], [], [])]
CALLS = [calls.Call(0, [numpy.array([[1.5, -2.5, 0.5], [-0.25, 3, 7]], "f4")]), calls.Call(0, [numpy.zeros((2, 3), "f4")])]


def written(folder, *operators):
    """A file of a chain of operators, (name, whether its tensor has a name)."""
    net = Net()
    last = net.input("float32", (2, 3), name="x")
    for number, operator in enumerate(operators):
        last = net.op(operator, [last], [net.tensor("float32", (2, 3), name=f"after{number}" if number != 1 else "")])
    path = folder / "chain.tflite"
    path.write_bytes(net.bytes())
    return path


@pytest.mark.parametrize("operator, answer", [("CEIL", [2, -2, 1, 0, 3, 7]), ("ROUND", [2, -2, 0, 0, 3, 7])])
def test_what_the_reference_kernels_lack_the_default_ones_answer(tmp_path, operator, answer):
    results, engine, words = reference.answers(written(tmp_path, "NEG", "NEG", operator), FUNCTIONS, CALLS)
    assert results[0][0].ravel().tolist() == answer
    assert engine.endswith(", default kernels") and words == [
        f"{operator} is not among LiteRT's reference kernels, so its default kernels answer"
    ]


def test_the_reference_kernels_are_the_rule(tmp_path):
    _, engine, words = reference.answers(written(tmp_path, "NEG"), FUNCTIONS, CALLS)
    assert engine.endswith(", reference kernels") and not words


def test_a_vector_may_be_quantized_along_an_axis_that_it_has_not(tmp_path):
    net = Net()
    bias = net.constant(numpy.array([2, 4, -6], "i1"), scale=0.5, axis=3)
    x = net.input("float32", (2, 3), name="x")
    added = net.op("DEQUANTIZE", [bias], [net.tensor("float32", (3,))])
    net.op("ADD", [x, added], [net.tensor("float32", (2, 3))], "AddOptions")
    path = tmp_path / "old.tflite"
    path.write_bytes(net.bytes())
    results, _, _ = reference.answers(path, FUNCTIONS, CALLS)
    assert results[0][0].tolist() == [[2.5, -0.5, -2.5], [0.75, 5, 4]]


def traced(path):
    return first_difference.find(path, FUNCTIONS, CALLS, "", "", "0", compiler.find(), {})


def test_the_first_operator_that_differs_is_found(tmp_path, monkeypatch):
    entries = registry.entries()
    wrong = entries | {"ABS": dataclasses.replace(entries["ABS"], function=entries["NEG"].function)}
    monkeypatch.setattr(registry, "entries", lambda: wrong)
    text = traced(written(tmp_path, "SIN", "TANH", "NEG", "ABS", "SQUARE"))
    assert "operator 3, ABS ('after3'), tensor after3 of (2, 3) f32, after 3 that agree" in text


def test_where_none_differs_it_is_said(tmp_path):
    assert traced(written(tmp_path, "NEG", "ABS")).startswith(
        "IREE on this machine gives the same values for all 2 inner tensors"
    )


def test_models_of_several_functions_are_not_looked_into(tmp_path, monkeypatch):
    from iree_baremetal.formats.tflite import importer

    monkeypatch.setattr(importer, "entries", lambda model: [("one", model.subgraphs[0]), ("two", model.subgraphs[0])])
    with pytest.raises(BaremetalError, match="trace=1 looks into models of one function; this has 2: one, two"):
        traced(written(tmp_path, "NEG"))
