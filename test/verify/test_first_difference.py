"""The first node that IREE computes otherwise: found where a rule of the import is switched off."""

import numpy
import onnx
import pytest
from iree_baremetal import compiler
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Function, Tensor
from iree_baremetal.verify import calls, first_difference
from onnx import TensorProto, helper

FUNCTIONS = [Function("net", [Tensor("x", "f32", (2, 4))], [Tensor("y", "f32", (2, 4))], [], [])]


@pytest.fixture
def model(tmp_path):
    """Five nodes; of the second, IREE itself has NaN where the base is negative."""
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [2, 4]) for n in "xy")
    nodes = [
        helper.make_node("Neg", ["x"], ["a"], name="first"),
        helper.make_node("Pow", ["a", "e"], ["b"], name="powers"),
        helper.make_node("Mul", ["b", "b"], ["c"], name="squares"),
        helper.make_node("ReduceSum", ["c"], ["s"], name="all", keepdims=1),
        helper.make_node("Add", ["c", "s"], ["y"], name="last"),
    ]
    exponents = helper.make_tensor("e", TensorProto.FLOAT, [4], [1.0, 2.0, 3.0, 2.0])
    graph = helper.make_graph(nodes, "net", [x], [y], [exponents])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "net.onnx")
    return tmp_path / "net.onnx"


def said(model, **given):
    return first_difference.find(model, FUNCTIONS, calls.random_calls(FUNCTIONS), "", "", "0", compiler.find(), given)


def test_it_is_found(model):
    text = said(model, without=("power",))
    assert "IREE on this machine gives other values: Pow 'powers', tensor b of (2, 4) f32, after 1 that agree." in text
    assert "IREE nan, ONNX Runtime" in text


def test_of_a_dynamic_shape_each_size_is_looked_at(model):
    """The base is negative in the second size only."""
    whole = onnx.load(model)
    for value in (*whole.graph.input, *whole.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "n"
    onnx.save(whole, model)
    functions = [Function("net", [Tensor("x", "f32", (None, 4))], [Tensor("y", "f32", (None, 4))], [], [])]
    fed = [calls.Call(0, [numpy.full(shape, value, "f4")]) for shape, value in (((2, 4), -1), ((3, 4), 1), ((2, 4), -2))]

    def find(**given):
        return first_difference.find(model, functions, fed, "n=?", "", "0", compiler.find(), given)

    text = find(without=("power",))
    assert text.startswith("shapes=x=3x4: The first node of which IREE on this machine gives other values: Pow 'powers', ")
    assert "tensor b of (3, 4) f32" in text
    assert find().startswith("shapes=x=3x4: IREE on this machine gives the same values for all 5 inner tensors")


def test_where_there_is_none_it_is_said(model):
    assert said(model).startswith("IREE on this machine gives the same values for all 5 inner tensors")


def test_what_cannot_be_compiled_as_an_output_is_left_out():
    """Halves of the tensors, and their halves, up to those that fail alone."""

    def sides(skip):
        chosen = [name for name in names if name not in skip]
        if "odd" in chosen:
            raise BaremetalError("odd cannot be compiled")
        return {name: name.upper() for name in chosen}

    names = ["a", "b", "odd", "c", "d"]
    found, failed = first_difference._bisected(sides, names, names)
    assert list(found) == ["a", "b", "c", "d"] and [(name, str(why)) for name, why in failed] == [
        ("odd", "odd cannot be compiled")
    ]
