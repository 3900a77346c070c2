"""Strided windows of which an axis has but one, with elements behind it: IREE's own compiler takes none."""

import numpy
import pytest
from mended import differences, model, node, random

CASES = {
    "depthwise": ((1, 4, 2, 2), (4, 1, 3, 3), dict(group=4, strides=[2, 2], pads=[1] * 4)),
    "one axis": ((1, 3, 2, 7), (5, 3, 3, 3), dict(strides=[2, 2], pads=[1] * 4)),
    "elements cut off": ((1, 3, 4, 5), (2, 3, 2, 2), dict(strides=[4, 4])),
    "along time": ((2, 3, 5), (4, 3, 3), dict(strides=[3], pads=[0, 0])),
    "dilated": ((1, 2, 6, 6), (2, 2, 2, 2), dict(strides=[5, 5], dilations=[3, 3], pads=[0, 0, 1, 1])),
    "same": ((1, 2, 2, 2), (2, 2, 3, 3), dict(strides=[2, 2], auto_pad="SAME_LOWER")),
}


@pytest.mark.parametrize("case", CASES)
def test_convolutions(tmp_path, case):
    shape, kernel, attributes = CASES[case]
    inputs = {"x": random(*shape)}
    assert not differences(tmp_path, model(node("Conv", "x w", **attributes), inputs, "y", w=random(*kernel, seed=1)), inputs)


@pytest.mark.parametrize("operator", ["MaxPool", "AveragePool"])
def test_pools(tmp_path, operator):
    inputs = {"x": random(1, 3, 2, 5)}
    made = model(node(operator, "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4), inputs, "y")
    assert not differences(tmp_path, made, inputs)


def test_without_the_rule_iree_compiles_none(tmp_path):
    inputs = {"x": random(1, 4, 2, 2)}
    made = model(node("Conv", "x w", strides=[2, 2], pads=[1] * 4), inputs, "y", w=numpy.ones((2, 4, 3, 3), "f4"))
    with pytest.raises(Exception, match="dimension"):
        differences(tmp_path, made, inputs, without=["unreached"])
