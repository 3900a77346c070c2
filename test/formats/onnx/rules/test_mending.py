"""The pass itself: opsets, functions, names, constants, and how a node is refused."""

import numpy
import onnx
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import mending, rules
from mended import differences, model, node, random, wanted
from onnx import helper


def mended(made, **given):
    return mending.mend("net.onnx", made, **given)


def operators(made):
    return [n.op_type for n in made.graph.node]


def test_an_old_opset_is_raised_with_a_word(capsys):
    made = mended(model(node("Softmax", "x"), {"x": random(2, 3)}, "y", opset=11))
    assert made.opset_import[0].version == mending.OLDEST
    assert capsys.readouterr().err == "net.onnx: raised from opset 11 to 17, which IREE's importer takes.\n"
    assert mended(model(node("Relu", "x"), {"x": random(2)}, "y", opset=18)).opset_import[0].version == 18
    assert not capsys.readouterr().err


def test_functions_of_the_model_take_the_place_of_operators_of_their_name(tmp_path):
    body = [helper.make_node("Neg", ["a"], ["n"]), helper.make_node("Exp", ["n"], ["b"])]
    function = helper.make_function("my", "Relu", ["a"], ["b"], body, [helper.make_opsetid("", 19)])
    inputs = {"x": random(4)}
    made = model([node("Relu", "x", "t", domain="my"), node("Add", "t t")], inputs, "y", domains=["my"], functions=[function])
    assert not differences(tmp_path, made, inputs)


def test_shapes_and_constants_are_folded_and_weights_stay_quantized():
    nodes = [node("Shape", "x", "s"), node("Gather", "s zero", "n"), node("Reshape", "x n", "y")]
    made = mended(model(nodes, {"x": random(1, 6)}, "y", zero=numpy.array([1])))
    assert operators(made) == ["Reshape"] and len(made.graph.initializer) == 1
    nodes = [node("DequantizeLinear", "w s", "f"), node("MatMul", "x f")]
    made = mended(model(nodes, {"x": random(1, 6)}, "y", w=random(6, 4, dtype="int8"), s=numpy.float32(0.5)))
    assert operators(made) == ["DequantizeLinear", "MatMul"]


def test_weights_of_half_precision_stay_so():
    weights = {"w": random(1, 20, 64, dtype="float16"), "r": random(1, 20, 5, dtype="float16")}
    made = mended(model(node("LSTM", "x w r", hidden_size=5), {"x": random(3, 1, 64, dtype="float16")}, "y", **weights))
    sizes = {t.name: numpy.prod(t.dims) for t in made.graph.initializer if t.data_type == onnx.TensorProto.FLOAT}
    assert max(sizes.values(), default=0) < 20 * 64


def test_names_that_are_none_of_mlir(tmp_path):
    inputs = {"x": random(4)}
    made = model(node("Neg", "x", "y"), inputs, "y")
    made.graph.name = "Model from PaddlePaddle."
    assert mended(made).graph.name == "Model_from_PaddlePaddle_"
    made.graph.name = "9"
    assert mended(made).graph.name == "main"


def test_what_is_rewritten_keeps_the_names_of_outputs_and_nodes():
    x = {"x": random(1, 8, 2, 3)}
    made = model([node("DepthToSpace", "x", blocksize=2), node("Relu", "y", "z")], x, "yz")
    after = mended(made)
    assert [o.name for o in after.graph.output] == ["y", "z"] and after.graph.node[0].name.startswith("the DepthToSpace/")
    onnx.checker.check_model(after, full_check=True)
    assert [a.tolist() for a in wanted(made, x)] == [a.tolist() for a in wanted(after, x)]


def test_bodies_are_mended_too(tmp_path):
    body = helper.make_graph(
        [helper.make_node("Add", ["before", "element"], ["after"]), node("Pow", "after e", "power")],
        "body",
        [helper.make_tensor_value_info(n, 1, [2]) for n in ("before", "element")],
        [helper.make_tensor_value_info(n, 1, [2]) for n in ("after", "power")],
    )
    inputs = {"x": -numpy.abs(random(3, 2))}
    made = model(
        helper.make_node("Scan", ["start", "x"], ["last", "y"], body=body, num_scan_inputs=1),
        inputs,
        ["last", "y"],
        start=numpy.zeros(2, "f4"),
        e=numpy.array([2, 3], "f4"),
    )
    assert not differences(tmp_path, made, inputs)


def test_a_refusal_names_node_operator_and_reason():
    made = model(
        node("LSTM", "x w r", "y", hidden_size=5, activations=["Odd"] * 3),
        {"x": random(1, 1, 4)},
        "y",
        w=random(1, 20, 4),
        r=random(1, 20, 5),
    )
    with pytest.raises(
        BaremetalError, match="net.onnx: node 'the LSTM', operator LSTM: attribute activations: 'Odd' is no activation"
    ):
        mended(made)


def test_rules_go_by_their_names():
    assert {"depth_to_space", "lstm", "max_pool"} <= set(rules.names())
    with pytest.raises(BaremetalError, match="--without: no rule odd. Rules: array_feature_extractor, average_pool, "):
        mended(model(node("Neg", "x"), {"x": random(4)}, "y"), without=["odd"])


def test_scans_of_before_opset_9_are_refused():
    body = helper.make_graph([helper.make_node("Add", ["a", "b"], ["c"])], "body", [], [])
    made = model(node("Relu", "x"), {"x": random(1, 3, 2)}, "y", opset=8)
    made.graph.node[0].CopyFrom(helper.make_node("Scan", ["", "x", "x"], ["y"], "the Scan", num_scan_inputs=1, body=body))
    with pytest.raises(
        BaremetalError, match="node 'the Scan', operator Scan: before opset 9 it has a batch .* Export it with opset 9 or later"
    ):
        mended(made)
