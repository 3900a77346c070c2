"""Calls of a model: what is fed, from files or at random, and the answers' file."""

import struct

import numpy
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import C_TYPES, Function, Tensor
from iree_baremetal.verify import calls


def function(*inputs, outputs=(), name="f"):
    return Function(name, list(inputs), list(outputs), [], [])


IMAGE = function(Tensor("image", "f32", (1, 2, 3)))
PAIR = function(Tensor("a", "i8", (4,)), Tensor("n", "i64", None))


def npz(path, **arrays):
    numpy.savez(path / "fed.npz", **{name.replace("__", "/"): array for name, array in arrays.items()})
    return path / "fed.npz"


def test_random_calls_fit_every_type_and_are_the_same_each_time():
    every = function(*(Tensor(dtype, dtype, shape) for dtype in C_TYPES for shape in ((2, 3), (), None)))
    made = calls.random_calls([every], count=3)
    again = calls.random_calls([every], count=3)
    assert len(made) == 3
    for call, same in zip(made, again):
        for tensor, array, twin in zip(every.inputs, call.inputs, same.inputs):
            assert array.dtype == calls.numpy_dtype(tensor) and array.shape == (tensor.shape or ())
            assert array.tobytes() == twin.tobytes()
            assert len(array.tobytes()) == tensor.size
    assert any(x.tobytes() != y.tobytes() for x, y in zip(made[0].inputs, made[1].inputs))


def test_every_function_is_called():
    assert [c.function for c in calls.random_calls([IMAGE, PAIR], count=2)] == [0, 1, 0, 1]


@pytest.mark.parametrize("name", ["image", "inputs", "f__image"])
@pytest.mark.parametrize("shape", [(5, 1, 2, 3), (5, 2, 3)])
def test_arrays_are_stacked_calls(tmp_path, name, shape):
    stack = numpy.arange(30, dtype="f4").reshape(shape)
    made = calls.npz_calls([IMAGE], npz(tmp_path, **{name: stack}))
    assert len(made) == 5
    assert made[4].inputs[0].shape == (1, 2, 3)
    assert made[4].inputs[0].ravel().tolist() == stack[4].ravel().tolist()


def test_a_single_call_needs_no_stack(tmp_path):
    (call,) = calls.npz_calls([IMAGE], npz(tmp_path, image=numpy.ones((1, 2, 3), "f4")))
    assert call.inputs[0].shape == (1, 2, 3)


def test_types_that_hold_every_value_convert(tmp_path):
    (call, *_) = calls.npz_calls([IMAGE], npz(tmp_path, image=numpy.full((2, 1, 2, 3), 200, "u1")))
    assert call.inputs[0].dtype == "<f4" and call.inputs[0].max() == 200


def test_several_inputs_scalars_and_functions(tmp_path):
    fed = npz(tmp_path, f__a=numpy.zeros((2, 4), "i1"), f__n=numpy.array([7, 8]), other__image=numpy.ones((1, 1, 2, 3), "f4"))
    other = function(IMAGE.inputs[0], name="other")
    made = calls.npz_calls([PAIR, other], fed)
    assert [c.function for c in made] == [0, 0, 1]
    assert made[1].inputs[1] == 8 and made[1].inputs[1].shape == ()


@pytest.mark.parametrize(
    "arrays, said",
    [
        ({"picture": numpy.ones((2, 1, 2, 3), "f4")}, "holds picture; the model's inputs are image"),
        (
            {"image": numpy.ones((2, 1, 3, 3), "f4")},
            r"array image has shape \(2, 1, 3, 3\); input image is N calls of \(1, 2, 3\)",
        ),
        ({"image": numpy.ones((2, 1, 2, 3), "f8")}, "array image has type float64; input image is f32"),
        ({"image": numpy.array([None, "x"])}, "array image cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, arrays, said):
    with pytest.raises(BaremetalError, match=said):
        calls.npz_calls([IMAGE], npz(tmp_path, **arrays))


def test_different_numbers_of_calls_are_refused(tmp_path):
    fed = npz(tmp_path, a=numpy.zeros((2, 4), "i1"), n=numpy.array([7, 8, 9]))
    with pytest.raises(BaremetalError, match=r"the inputs of f hold different numbers of calls: \[2, 3\]"):
        calls.npz_calls([PAIR], fed)


def test_what_is_no_npz_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("hello")
    (tmp_path / "broken.npz").write_bytes(b"PK\3\4 and no more")
    numpy.save(tmp_path / "one.npy", numpy.ones(3))
    for name in ("text.npz", "broken.npz", "one.npy", "missing.npz"):
        with pytest.raises(BaremetalError, match=f"{name} is not an .npz of arrays"):
            calls.npz_calls([IMAGE], tmp_path / name)


ANSWER = function(outputs=[Tensor("y", "i16", (2,)), Tensor("z", "f32", ())])


def answered(path, *parts):
    path.joinpath("outputs.bin").write_bytes(b"".join(parts))
    return calls.read_outputs(path / "outputs.bin", [ANSWER], [calls.Call(0, []), calls.Call(0, [])])


ONE = struct.pack("<iIQ2hf", 0, 0, 1234, 5, -6, 1.5)
MEASURED = struct.pack("<iIQ2Q2hf", 2, 2, 1234, 10, 20, 7, 8, 2.5)
PEAKS = struct.pack("<QQQ", 512, 64, 1)


def test_answers_have_status_cost_and_arrays(tmp_path):
    (first, second), stack, heap = answered(tmp_path, ONE, MEASURED, PEAKS)
    assert (first.status, first.cost, first.dispatches) == (0, 1234, ())
    assert first.outputs[0].tolist() == [5, -6] and first.outputs[1] == 1.5
    assert (second.status, second.dispatches, second.outputs[1]) == (2, (10, 20), 2.5)
    assert (stack, heap) == (512, 64)
    assert first.unit == second.unit == "cycles"


@pytest.mark.parametrize(
    "parts, said",
    [
        ((), "stopped after 0 of 2 calls"),
        ((ONE,), "stopped after 1 of 2 calls"),
        ((ONE, MEASURED[:20]), "stopped in the answer of call 1"),
        ((ONE, MEASURED[:-1]), "stopped in the answer of call 1"),
        ((ONE, MEASURED), "stopped after the last call"),
    ],
)
def test_a_board_that_stopped_is_noticed(tmp_path, parts, said):
    with pytest.raises(BaremetalError, match=said):
        answered(tmp_path, *parts)


def test_inputs_are_written_as_the_harness_reads_them(tmp_path):
    made = [calls.Call(1, [numpy.array([1, -2], "<i2"), numpy.array(3, "<i8")])]
    calls.write_inputs(tmp_path / "inputs.bin", [IMAGE, function(Tensor("a", "i16", (2,)), Tensor("n", "i64", None))], made)
    assert (tmp_path / "inputs.bin").read_bytes() == struct.pack("<I2hq", 1, 1, -2, 3)


def test_floats_for_a_quantized_input_are_its_real_values(tmp_path):
    x = Tensor("x", "i8", (4,), "", 0.5, -3)
    fed = calls.npz_calls([function(x)], npz(tmp_path, x=numpy.array([[0.0, 1.25, -1.5, 1e9]])))
    assert fed[0].inputs[0].tolist() == [-3, -1, -6, 127] and fed[0].inputs[0].dtype == "i1"
    fed = calls.npz_calls([function(x)], npz(tmp_path, x=numpy.array([[1, 2, 3, 4]], "i1")))
    assert fed[0].inputs[0].tolist() == [1, 2, 3, 4]


DYNAMIC = function(Tensor("x", "i16", (None, 2)), outputs=[Tensor("y", "i16", (None,)), Tensor("z", "i8", (1,))])


def test_nothing_at_random_is_fed_to_dynamic_shapes():
    with pytest.raises(BaremetalError, match="f: its shapes are known only at run time. Feed it by inputs="):
        calls.load([DYNAMIC], "")
    assert {call.function for call in calls.load([DYNAMIC, IMAGE], "")} == {1}


@pytest.mark.parametrize(
    "arrays, shapes",
    [
        ({"x": numpy.zeros((3, 5, 2), "i2")}, [(5, 2)] * 3),
        ({"x": numpy.zeros((5, 2), "i2")}, [(5, 2)]),
        ({"f__x": numpy.zeros((2, 0, 2), "i2")}, [(0, 2)] * 2),
        ({f"{n}__x": numpy.zeros((n, 2), "i2") for n in range(12)}, [(n, 2) for n in range(12)]),
        ({f"{n}__inputs": numpy.zeros((7 - n, 2), "i1") for n in range(3)}, [(7, 2), (6, 2), (5, 2)]),
    ],
)
def test_the_arrays_have_the_shapes(tmp_path, arrays, shapes):
    assert [call.inputs[0].shape for call in calls.load([DYNAMIC], npz(tmp_path, **arrays))] == shapes


@pytest.mark.parametrize(
    "arrays, said",
    [
        ({"x": numpy.zeros((3, 5, 3), "i2")}, r"array x has shape \(3, 5, 3\); input x is N calls of \(\?, 2\)"),
        ({"0__x": numpy.zeros((4, 5, 2), "i2")}, r"array 0/x has shape \(4, 5, 2\); input x is \(\?, 2\)"),
        ({"1__x": numpy.zeros((5, 2), "i2")}, "holds 1/x; the model's inputs are x"),
    ],
)
def test_shapes_that_do_not_fit_a_dynamic_one(tmp_path, arrays, said):
    with pytest.raises(BaremetalError, match=said):
        calls.load([DYNAMIC], npz(tmp_path, **arrays))


def test_numbered_calls_of_a_static_shape(tmp_path):
    made = calls.npz_calls([IMAGE], npz(tmp_path, **{f"{n}__image": numpy.full((1, 2, 3), n, "f4") for n in range(2)}))
    assert [call.inputs[0].max() for call in made] == [0, 1]


def test_extents_stand_before_the_bytes_of_a_dynamic_shape(tmp_path):
    made = [calls.Call(0, [numpy.array([[1, -2]], "<i2")])]
    calls.write_inputs(tmp_path / "inputs.bin", [DYNAMIC], made)
    assert (tmp_path / "inputs.bin").read_bytes() == struct.pack("<I2I2h", 0, 1, 2, 1, -2)
    (tmp_path / "outputs.bin").write_bytes(struct.pack("<iIQI3hb", 0, 0, 7, 3, 4, 5, 6, 9) + PEAKS)
    ((answer,), *_) = calls.read_outputs(tmp_path / "outputs.bin", [DYNAMIC], made)
    assert [array.tolist() for array in answer.outputs] == [[4, 5, 6], [9]]
