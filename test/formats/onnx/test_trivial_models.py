"""Models with next to nothing to compute: constant, repeated and passed-through outputs, unused inputs, only copies."""

import numpy
import onnx_models
import pytest
from iree_baremetal.errors import BaremetalError
from onnx import TensorProto
from onnx.helper import make_node
from onnx_models import model, value

C = numpy.array([1, -2, 3], "f4")
X, Y, Z, K = value("x", [2, 3]), value("y", [2, 3]), value("z", [2, 3]), value("k", [3])
NEG = make_node("Neg", ["x"], ["y"])


def same(source, target):
    return make_node("Identity", [source], [target])


MODELS = {
    "a constant output": model([NEG, same("c", "k")], [X], [Y, K], c=C),
    "constants only": model([same("c", "k")], [X], [K], c=C),
    "an output twice": model([NEG, same("y", "z")], [X], [Y, Z]),
    "an input passed through": model([NEG, same("x", "z")], [X], [Y, Z]),
    "an input passed through, and nothing else": model([same("x", "z")], [X], [Z]),
    "inputs that nothing uses": model([NEG], [value("u", [4], TensorProto.UINT16), X, value("v", [], TensorProto.INT8)], [Y]),
    "a reshape": model([make_node("Reshape", ["x", "s"], ["y"])], [X], [value("y", [3, 2])], s=numpy.array([3, 2])),
    "a slice": model(
        [make_node("Slice", ["x", "s", "e"], ["k"])], [value("x", [8])], [K], s=numpy.array([2]), e=numpy.array([5])
    ),
    "a concatenation": model([make_node("Concat", ["x", "z"], ["y"], axis=0)], [X, Z], [value("y", [4, 3])]),
    "a split": model([make_node("Split", ["x"], ["y", "z"], axis=0)], [value("x", [4, 3])], [Y, Z]),
    "a shape": model([make_node("Shape", ["x"], ["y"])], [X], [value("y", [2], TensorProto.INT64)]),
}


@pytest.mark.parametrize("name", MODELS)
def test_it_answers_as_onnx_runtime_does(tmp_path, name):
    onnx_models.check(tmp_path, MODELS[name], 0, 0)


def test_inputs_keep_their_types(tmp_path):
    plan = onnx_models.plan_of(tmp_path, MODELS["inputs that nothing uses"])
    assert [(t.name, t.dtype, t.shape) for t in plan.functions[0].inputs] == [
        ("u", "ui16", (4,)),
        ("x", "f32", (2, 3)),
        ("v", "i8", ()),
    ]


def test_nothing_of_the_placeholder_is_called(tmp_path):
    assert not any(getattr(s, "kernel", "") for s in onnx_models.plan_of(tmp_path, MODELS["a reshape"]).functions[0].steps)


def test_what_holds_no_element_is_refused(tmp_path):
    empty = model([make_node("Slice", ["x", "s", "s"], ["y"])], [X], [value("y", [0, 3])], s=numpy.array([1]))
    with pytest.raises(BaremetalError, match="output0 is 0x3 f32: a dimension of size 0"):
        onnx_models.plan_of(tmp_path, empty)
    empty = model([make_node("Concat", ["x", "z"], ["y"], axis=0)], [X, value("z", [0, 3])], [Y])
    with pytest.raises(BaremetalError, match="input z, dimension 0 is of size 0.*shapes=z="):
        onnx_models.plan_of(tmp_path, empty)
