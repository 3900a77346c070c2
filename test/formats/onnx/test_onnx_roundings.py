"""Inner integers that another engine took: what may be, and what of them ONNX Runtime answers."""

import numpy
import onnx
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import roundings
from iree_baremetal.plan.model import Function, Tensor
from iree_baremetal.verify import calls
from onnx import TensorProto, helper, numpy_helper


@pytest.fixture
def follow(tmp_path):
    """What is answered to the floats xs where these are rounded to taken: y = 6 * taken."""
    scale, zero = numpy_helper.from_array(numpy.float32(0.5), "s"), numpy_helper.from_array(numpy.int8(-3), "z")
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["f"]),
        helper.make_node("Add", ["f", "f"], ["y"]),
    ]
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [3]) for n in "xy")
    graph = helper.make_graph(nodes, "net", [x], [y], [scale, zero])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "net.onnx")
    functions = [Function("net", *([Tensor(name, "f32", (3,))] for name in "xy"), [], [])]

    def run(xs, taken):
        fed = [calls.Call(0, [numpy.array(xs, "f4")])]
        assert roundings.tensors(tmp_path / "net.onnx") == ["q"]
        ((found,),), engine, words = roundings.follow(
            tmp_path / "net.onnx", functions, fed, "", "", {"q": [numpy.array(taken, "i1")]}
        )
        assert engine.startswith("ONNX Runtime")
        return found.tolist(), words

    return run


def test_its_own_integers_are_nothing_to_tell(follow):
    assert follow([0, 1, 2], [-3, -1, 1]) == ([0, 2, 4], [])


def test_a_tie_may_go_to_either_side(follow):
    """0.25 is half a step; 10.2501 20.5002 of them."""
    assert follow([0.25, 1, 10.2501], [-3, -1, 18]) == ([0, 2, 21], [])
    assert follow([0.25, 1, 10.2501], [-2, -1, 17]) == ([1, 2, 20], ["2 of q"])


@pytest.mark.parametrize("value, taken", [(0.3, -3), (0.2, -2), (0.24, -2), (0.25, -1), (0.25, -4), (1, -2), (numpy.nan, -3)])
def test_what_no_rounding_gives_is_an_error(follow, value, taken):
    with pytest.raises(BaremetalError, match=rf"call 0, q\[1\]: IREE {taken}, ONNX Runtime .* before it is rounded: no tie"):
        follow([0, value, 0], [-3, taken, -3])


def test_what_does_not_fit_saturates(follow):
    assert follow([1000, -1000, 0], [127, -128, -3])[1] == []
    with pytest.raises(BaremetalError, match=r"q\[0\]: IREE 126, ONNX Runtime 127.000"):
        follow([1000, -1000, 0], [126, -128, -3])
