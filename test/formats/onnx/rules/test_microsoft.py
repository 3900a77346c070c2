"""Operators of com.microsoft, as ONNX Runtime's quantizer and optimizer write them, against ONNX Runtime."""

import numpy
import onnx
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import mending
from mended import differences, model, node, random, value, wanted

F = numpy.float32
SCALES = {"s": F(0.02), "t": F(0.03), "u": F(0.05), "z": numpy.array(3, "int8"), "y0": numpy.array(-7, "int8")}


def check(operator, inputs, output, given, steps=0, constants=None, **attributes):
    """The rewritten node's answers, within so many steps of a quantized output, and no other domain left."""
    made = model(
        node(operator, inputs, domain="com.microsoft", **attributes),
        given,
        [output],
        domains=["com.microsoft"],
        **{k: v for k, v in {**SCALES, **(constants or {})}.items() if k in inputs.split()},
    )
    after = mending.mend("net.onnx", made)
    onnx.checker.check_model(after, full_check=True)
    assert not any(n.domain for n in after.graph.node)
    for mine, theirs in zip(wanted(after, given), wanted(made, given), strict=True):
        numpy.testing.assert_allclose(mine.astype("f8"), theirs.astype("f8"), 0 if steps else 1e-4, steps or 1e-5)
    return made


BYTES = {"a": random(1, 2, 4, 6, dtype="int8"), "b": random(1, 2, 4, 6, seed=1, dtype="int8")}


@pytest.mark.parametrize("operator", ["QLinearAdd", "QLinearMul"])
def test_two_operands(operator):
    check(operator, "a s z b t y0 u z", value("y", BYTES["a"]), BYTES, 1)


@pytest.mark.parametrize("operator, attributes", [("QLinearSigmoid", {}), ("QLinearLeakyRelu", dict(alpha=0.1))])
def test_one_operand(operator, attributes):
    check(operator, "a s z t y0", value("y", BYTES["a"]), {"a": BYTES["a"]}, 1, **attributes)


def test_pools_and_concat():
    pooled = value("y", (1, 2, 2, 3), "int8")
    check("QLinearAveragePool", "a s z t y0", pooled, {"a": BYTES["a"]}, 1, kernel_shape=[2, 2], strides=[2, 2])
    check("QLinearGlobalAveragePool", "a s z t y0", value("y", (1, 2, 1, 1), "int8"), {"a": BYTES["a"]}, 1)
    check("QLinearConcat", "u y0 a s z b t z", value("y", (1, 4, 4, 6), "int8"), BYTES, 1, axis=1)


def test_gemm():
    weights = {
        "w": random(4, 6, dtype="int8"),
        "ws": F([0.01, 0.02, 0.03, 0.04]),
        "wz": numpy.zeros(4, "int8"),
        "c": numpy.arange(4, dtype="int32") * 99,
    }
    given = {"a": random(3, 6, dtype="int8")}
    check("QGemm", "a s z w ws wz c u y0", value("y", (3, 4), "int8"), given, 1, weights, transB=1)
    check("QGemm", "a s z w ws wz c", value("y", (3, 4)), given, 0, weights, transB=1)


def test_products_of_dynamic_quantization():
    weights = {"w": random(6, 4, dtype="int8"), "ws": F(0.01), "wz": numpy.array(2, "int8"), "c": random(4)}
    check("DynamicQuantizeMatMul", "x w ws wz c", value("y", (3, 4)), {"x": random(3, 6)}, 0, weights)
    check("MatMulIntegerToFloat", "a w s ws z wz c", value("y", (3, 4)), {"a": random(3, 6, dtype="int8")}, 0, weights)


@pytest.mark.parametrize("operator", ["Gelu", "FastGelu"])
def test_gelu(operator):
    check(operator, "x", value("y", (3, 6)), {"x": random(3, 6)})


def test_it_is_built(tmp_path):
    made = check("QLinearAdd", "a s z b t y0 u z", value("y", BYTES["a"]), BYTES, 1)
    assert not differences(tmp_path, made, BYTES)


def test_operators_of_other_domains_are_refused_by_name():
    made = model(
        [node("Inverse", "x", "t", domain="com.microsoft"), node("Neg", "t")],
        {"x": random(2, 2)},
        [value("y", (2, 2))],
        domains=["com.microsoft"],
    )
    with pytest.raises(
        BaremetalError, match="node 'the Inverse', operator Inverse of domain com.microsoft: IREE has no lowering"
    ):
        mending.mend("net.onnx", made)
