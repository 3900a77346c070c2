"""Constructs that IREE answers wrongly: right by our rules, and wrong again with the rule switched off."""

import numpy
import pytest
from iree_baremetal.errors import BaremetalError
from mended import differences, model, node, random, value

F = numpy.float32
LSTM = dict(w=random(1, 20, 4) / 2, r=random(1, 20, 5, seed=1) / 2, b=random(1, 40, seed=2))


def scaled(**given):
    return {key: numpy.array(value, F if key.endswith("s") else "int8") for key, value in given.items()}


# name of the rule -> (model, inputs)
FAULTS = {
    "depth_to_space": lambda x: model(node("DepthToSpace", "x", blocksize=2, mode="CRD"), x, "y"),
    "max_pool": lambda x: model(node("MaxPool", "x", kernel_shape=[2, 2]), x, "y"),
    "max_pool of indices": lambda x: model(node("MaxPool", "x", "y i", kernel_shape=[2, 2], strides=[2, 2]), x, "yi"),
    "average_pool": lambda x: model(
        node("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, count_include_pad=1), x, "y"
    ),
    "qlinear_conv": lambda x: model(
        node("QLinearConv", "x xs xz w ws wz ys yz b", pads=[1, 1, 1, 1]),
        x,
        "y",
        **scaled(xs=0.02, xz=-7, ws=[0.0054, 0.0059, 0.0239], wz=[0, 0, 0], ys=0.05, yz=12),
        w=random(3, 2, 3, 3, dtype="int8"),
        b=numpy.array([954, 1371, 241], "int32"),
    ),
    "qlinear_matmul": lambda x: model(
        node("QLinearMatMul", "x xs xz w ws wz ys yz"),
        x,
        "y",
        **scaled(xs=0.02, xz=5, ws=0.03, wz=-7, ys=0.3, yz=3),
        w=random(2, 8, 4, dtype="int8"),
    ),
    "lstm": lambda x: model(
        node("LSTM", "x w r b", "y", hidden_size=5, activations=["HardSigmoid", "Tanh", "Tanh"]), x, "y", **LSTM
    ),
    "lstm of peepholes": lambda x: model(
        node("LSTM", "x w r b _ _ _ p", "y", hidden_size=5), x, "y", p=random(1, 15, seed=3), **LSTM
    ),
    "power": lambda x: model(node("Pow", "x e"), x, "y", e=numpy.array([2, 3, -1, 0.5], F)),
    "cast_to_unsigned": lambda x: model(node("Cast", "x", to=2), x, "y"),
    "unsigned_clip": lambda x: model(node("Clip", "x low high"), x, "y", low=numpy.uint8(3), high=numpy.uint8(250)),
    "unsigned_div": lambda x: model(node("Div", "x low"), x, "y", low=numpy.uint8(3)),
    "unsigned_top_k": lambda x: model(node("TopK", "x k", "y i"), x, "yi", k=numpy.array([2])),
    "lp_normalization": lambda x: model(node("LpNormalization", "x"), x, "y"),
    "half": lambda x: model(node("ReduceSum", "x"), x, "y"),
    "half of Elu": lambda x: model(node("Elu", "x"), x, "y"),
    "grid_sample": lambda x: model(node("GridSample", "x g", mode="nearest"), x, "y", g=random(1, 3, 3, 2, seed=4)),
}
INPUTS = {
    "depth_to_space": random(1, 12, 2, 2),
    "max_pool": random(1, 2, 4, 4, dtype="uint8"),
    "max_pool of indices": random(1, 2, 4, 4),
    "average_pool": random(1, 2, 6, 6),
    "qlinear_conv": random(1, 2, 5, 5, dtype="int8"),
    "qlinear_matmul": random(2, 3, 8, dtype="int8"),
    "lstm": random(3, 1, 4),
    "lstm of peepholes": random(3, 1, 4),
    "power": numpy.array([-2, -1.5, -4, 2], F),
    "cast_to_unsigned": numpy.array([0.5, 100, 127.5, 128, 200.7, 255], F),
    "unsigned_clip": numpy.array([1, 100, 200, 255], "uint8"),
    "unsigned_div": numpy.array([1, 100, 200, 255], "uint8"),
    "unsigned_top_k": numpy.array([1, 100, 200, 255], "uint8"),
    "lp_normalization": numpy.array([[1, 2], [0, 0]], F),
    "half": numpy.ones((1, 6000), "float16"),  # 2048 is what float16 counts to
    "half of Elu": numpy.array([-0.001, -0.01, 0.5, 3], "float16"),
    "grid_sample": random(1, 1, 4, 5),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_right_and_without_its_rule_wrong(tmp_path, fault):
    inputs = {"x": INPUTS[fault]}
    made = FAULTS[fault](inputs)
    assert not differences(tmp_path, made, inputs)
    assert differences(tmp_path, made, inputs, without=[fault.split()[0]])


def test_an_operator_of_another_domain_is_refused_without_its_rule(tmp_path):
    inputs = {"x": random(2, 4)}
    fused = node("FusedMatMul", "x w", alpha=0.125, transB=1, domain="com.microsoft")
    made = model(fused, inputs, [value("y", (2, 3))], domains=["com.microsoft"], w=random(3, 4))
    assert not differences(tmp_path, made, inputs)
    with pytest.raises(BaremetalError, match="node 'the FusedMatMul', operator FusedMatMul of domain com.microsoft"):
        differences(tmp_path, made, inputs, without=["fused_matmul"])
