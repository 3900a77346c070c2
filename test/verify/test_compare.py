"""The verdict on a board's answers: a wrong one is caught, and the worst element named."""

import numpy
import pytest
from iree_baremetal.plan.model import Function, Tensor
from iree_baremetal.verify import compare
from iree_baremetal.verify.calls import Call, numpy_dtype


def verdict(dtype, board, host, shape=None, engine="host"):
    tensor = Tensor("y", dtype, shape or numpy.shape(host))
    arrays = [[numpy.array(values, numpy_dtype(tensor)).reshape(tensor.shape)] for values in (board, host)]
    return compare.compare([Function("f", [], [tensor], [], [])], [Call(0, [])], [arrays[0]], [arrays[1]], engine=engine)


def test_another_shape_is_told():
    tensor = Tensor("y", "f32", (None, 2))
    mine, theirs = numpy.zeros((3, 2), "f4"), numpy.zeros((4, 2), "f4")
    found = compare.compare([Function("f", [], [tensor], [], [])], [Call(0, [])], [[mine]], [[theirs]])
    assert str(found.worst) == "call 0, f, y: board is of shape (3, 2), host is of shape (4, 2)"


def test_equal_answers_are_exact():
    found = verdict("f32", [1.0, float("nan"), float("inf")], [1.0, float("nan"), float("inf")])
    assert (found.checked, found.exact, found.largest, found.worst) == (3, True, 0.0, None)


def test_a_nan_is_a_nan_whatever_its_bits():
    found = verdict("f32", [float("nan"), 1.0], [-float("nan"), 1.000001])
    assert found.worst is None and not found.exact


def test_floats_may_differ_by_the_tolerance():
    found = verdict("f32", [1000.05, 0.0], [1000.0, 0.000009])
    assert not found.exact and found.worst is None
    assert 0.04 < found.largest < 0.06


@pytest.mark.parametrize("dtype, wrong", [("f32", 1.001), ("f64", 1.001), ("f16", 1.01), ("i8", 2), ("i64", 2), ("ui8", 2)])
def test_a_wrong_element_is_named(dtype, wrong):
    board, host = numpy.ones((2, 3, 4)), numpy.ones((2, 3, 4))
    board[1, 0, 3] = wrong
    found = verdict(dtype, board, host)
    assert found.worst.index == (1, 0, 3)
    assert str(found.worst).startswith(f"call 0, f, y[1, 0, 3]: board {found.worst.board}, host 1")


def test_integers_are_compared_bitwise_over_their_range():
    low, high = -(2**63), 2**63 - 1
    assert verdict("i64", [high], [high - 1]).worst
    assert verdict("i64", [low, 5], [high, 5]).worst.index == (0,)
    assert verdict("ui64", [2**64 - 1], [0]).worst
    assert verdict("i1", [1], [0]).worst


def test_halves_differ_by_their_own_precision():
    assert verdict("f16", [1.0009765625], [1.0]).worst is None  # one unit in the last place
    one, next_one, far = 0x3F80, 0x3F81, 0x3F90
    assert verdict("bf16", [next_one], [one]).worst is None
    assert (
        verdict("bf16", [next_one + 1], [one]).worst and not verdict("bf16", [next_one + 1], [one], engine="onnx.reference").worst
    )
    assert verdict("bf16", [next_one + 2], [one], engine="onnx.reference").worst
    assert verdict("bf16", [far], [one]).worst.board == 1.125


@pytest.mark.parametrize(
    "board, host", [(float("nan"), 1.0), (1.0, float("nan")), (float("inf"), 1.0), (float("inf"), float("-inf"))]
)
def test_what_is_not_finite_differs(board, host):
    assert verdict("f32", [1.0, board], [1.0, host]).worst.index == (1,)


@pytest.mark.parametrize("dtype", ["f32", "i32"])
def test_scalars_and_empty_tensors(dtype):
    assert verdict(dtype, 5, 3).worst.index == ()
    assert verdict(dtype, 5, 5).exact
    assert verdict(dtype, [], [], (0,)).worst is None


def test_the_worst_of_all_calls_and_outputs_is_named():
    functions = [Function("f", [], [Tensor("y", "f32", (2,)), Tensor("z", "f32", (2,))], [], [])]
    host = [[numpy.ones(2, "f4"), numpy.ones(2, "f4")] for _ in range(3)]
    board = [[array.copy() for array in outputs] for outputs in host]
    board[0][0][0], board[1][1][1], board[2][0][1] = 1.01, 1.5, 1.1
    found = compare.compare(functions, [Call(0, [])] * 3, board, host)
    assert (found.worst.call, found.worst.output, found.worst.index, found.checked) == (1, "z", (1,), 12)


def quantized(board, reference, steps, dtype="i8", scale=0.5):
    tensor = Tensor("y", dtype, (len(board),), "", scale, None if dtype == "f32" else 3)
    arrays = [[[numpy.array(values, numpy_dtype(tensor))]] for values in (board, reference)]
    return compare.compare([Function("f", [], [tensor], [], [])], [Call(0, [])], *arrays, steps=steps, engine="Engine 1")


@pytest.mark.parametrize("dtype, one, two", [("i8", 1, 2), ("i16", 1, 2), ("f32", 0.5, 1.0)])
def test_quantized_outputs_may_be_off_by_the_steps_of_the_format(dtype, one, two):
    """Of a float output that is dequantized, too: its scale is known."""
    assert quantized([one, 0], [0, 0], 1, dtype).worst is None
    found = quantized([two, 0], [0, 0], 1, dtype)
    assert found.worst.index == (0,) and found.worst.steps == found.steps == 2
    assert str(found.worst).endswith(f"Engine 1 {found.worst.reference}, 2 steps of its scale")
    assert quantized([one, 0], [0, 0], 0, dtype).worst


def test_integers_without_a_scale_are_compared_bitwise_whatever_the_steps():
    assert quantized([1], [0], 1, "i32", None).worst


def test_what_a_verdict_says():
    assert str(quantized([1, 2, 3], [1, 2, 3], 1)) == "3 values, all bitwise equal"
    assert str(quantized([1, 2, 3], [1, 2, 4], 1)) == (
        "3 values, 66.7 % of them equal, largest difference 1 steps of the output's scale, top answers equal in 1 of 1 calls"
    )
    nearly = quantized([0] * 9999 + [1], [0] * 10000, 1)
    assert "99.9 % of them equal" in str(nearly) and nearly.top == (0, 1)


def test_calls_that_the_engine_says_nothing_of_are_left_out():
    functions = [Function("f", [], [Tensor("y", "i8", (2,))], [], [])]
    board = [[numpy.array([1, 2], "i1")], [numpy.array([3, 4], "i1")]]
    found = compare.compare(functions, [Call(0, [])] * 2, board, [None, board[1]])
    assert (found.calls, found.checked, found.exact) == (1, 2, True)


def test_a_lone_nan_is_told_as_what_it_is():
    assert "do not pass NaN on: docs/verify.md" in str(verdict("f32", [1.0], [float("nan")]).worst)
    assert "docs/verify.md" not in str(verdict("f32", [float("nan")], [1.0]).worst)
