"""Moves between DequantizeLinear and QuantizeLinear of one scale are done on the integers; of others they are not."""

import numpy
import pytest
from iree_baremetal.formats.onnx import mending
from mended import differences, model, node, random


def numbered(nodes):
    """Nodes of one operator get names of their own, as ONNX Runtime wants them."""
    for number, one in enumerate(nodes):
        one.name = f"node {number}"
    return nodes


MOVES = {
    "Reshape": dict(inputs="f shape", attributes={}),
    "Transpose": dict(inputs="f", attributes=dict(perm=[0, 3, 1, 2])),
    "Flatten": dict(inputs="f", attributes={}),
    "MaxPool": dict(inputs="f", attributes=dict(kernel_shape=[2, 2], strides=[2, 2])),
}


def between(operator, dtype, scales=(0.1, 0.1), zeros=(3, 3)):
    """DequantizeLinear, the move, QuantizeLinear, and the product of what comes out with itself."""
    move = MOVES[operator]
    nodes = [
        node("DequantizeLinear", "x s z", "f"),
        node(operator, move["inputs"], "m", **move["attributes"]),
        node("QuantizeLinear", "m t u", "q"),
        node("DequantizeLinear", "q t u", "y"),
    ]
    inputs = {"x": random(1, 4, 4, 6, dtype=dtype)}
    constants = {"s": numpy.float32(scales[0]), "t": numpy.float32(scales[1]), "shape": numpy.array([2, 48])}
    constants |= {name: numpy.array(zero, dtype) for name, zero in zip("zu", zeros)}
    return model(numbered(nodes), inputs, "y", **constants), inputs


def operators(made):
    return [n.op_type for n in mending.mend("net.onnx", made).graph.node]


@pytest.mark.parametrize("operator", MOVES)
@pytest.mark.parametrize("dtype", ["int8", "uint8"])
def test_the_move_is_done_on_integers(tmp_path, operator, dtype):
    made, inputs = between(operator, dtype)
    assert not differences(tmp_path, made, inputs, absolute=0, relative=0)
    used = operators(made)
    assert used.count("DequantizeLinear") == 1 and "QuantizeLinear" not in used


@pytest.mark.parametrize("change", [dict(scales=(0.1, 0.2)), dict(zeros=(3, 4))])
def test_other_scales_and_zero_points_are_a_requantization(tmp_path, change):
    made, inputs = between("MaxPool", "int8", **change)
    assert "QuantizeLinear" in operators(made)
    assert not differences(tmp_path, made, inputs, absolute=0, relative=0)


def test_nothing_between_is_nothing(tmp_path):
    nodes = [node("DequantizeLinear", "x s z", "f"), node("QuantizeLinear", "f s z", "q"), node("DequantizeLinear", "q s z", "y")]
    inputs = {"x": random(16, dtype="int8")}
    made = model(numbered(nodes), inputs, "y", s=numpy.float32(0.3), z=numpy.int8(-7))
    assert operators(made).count("QuantizeLinear") == 0
    assert not differences(tmp_path, made, inputs, absolute=0, relative=0)
