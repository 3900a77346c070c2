"""What a classifier answers on a board: probabilities in place of maps, numbers in place of strings."""

import numpy
import onnx
import onnxruntime
import pytest
from iree_baremetal.formats.onnx.classes import answerable
from iree_baremetal.formats.onnx.description import describe
from onnx import TensorProto, helper

NAMES = ["setosa", "versicolor", "virginica"]
X = numpy.random.default_rng(0).standard_normal((1, 4)).astype("f4")


def classifier(label="label", **labels):
    """A linear classifier as skl2onnx writes it: its labels, handed on, and a map of its probabilities."""
    weights = numpy.random.default_rng(1).standard_normal(12).tolist()
    key = TensorProto.STRING if "classlabels_strings" in labels else TensorProto.INT64
    nodes = [
        helper.make_node("LinearClassifier", ["x"], [label, "scores"], domain="ai.onnx.ml", coefficients=weights,
                         intercepts=[0.0, 0.1, 0.2], post_transform="SOFTMAX", **labels),
        helper.make_node("ZipMap", ["scores"], ["output_probability"], domain="ai.onnx.ml",
                         **{k.replace("ints", "int64s"): v for k, v in labels.items()}),
    ]  # fmt: skip
    if label != "output_label":
        nodes.insert(1, helper.make_node("Identity", [label], ["output_label"]))
    probabilities = helper.make_sequence_type_proto(
        helper.make_map_type_proto(key, helper.make_tensor_type_proto(TensorProto.FLOAT, None))
    )
    outputs = [
        helper.make_tensor_value_info("output_label", key, [1]),
        helper.make_value_info("output_probability", probabilities),
    ]
    graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])], outputs)
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)], ir_version=10
    )


def answers(model):
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": X})


@pytest.mark.parametrize("label", ["label", "output_label"])
def test_labels_that_are_strings_are_numbers_in_their_order(label):
    model = classifier(label, classlabels_strings=NAMES)
    named, maps = answers(model)
    answerable(model)
    onnx.checker.check_model(model, full_check=True)
    number, probabilities = answers(model)
    assert number.dtype == "int64" and NAMES[number[0]] == named[0]
    assert probabilities.shape == (1, 3) and dict(zip(NAMES, probabilities[0])) == maps[0]


def test_labels_that_are_numbers_stay():
    model = classifier(classlabels_ints=[7, 2, 5])
    label, maps = answers(model)
    answerable(model)
    again, probabilities = answers(model)
    assert again == label and dict(zip([7, 2, 5], probabilities[0])) == maps[0]


def test_the_header_says_which_number_is_which_label():
    model = classifier(classlabels_strings=NAMES)
    answerable(model)
    said = "classes: 0 setosa, 1 versicolor, 2 virginica"
    assert [o["note"] for o in describe("net.onnx", model)["outputs"]] == [said, said]


def test_labels_taken_from_a_tensor_of_strings():
    nodes = [
        helper.make_node("ArgMax", ["x"], ["best"], axis=1, keepdims=0),
        helper.make_node("ArrayFeatureExtractor", ["names", "best"], ["named"], domain="ai.onnx.ml"),
        helper.make_node("Cast", ["named"], ["text"], to=TensorProto.STRING),
        helper.make_node("Reshape", ["text", "shape"], ["label"]),
    ]
    names = helper.make_tensor("names", TensorProto.STRING, [4], ["a", "b", "c", "d"])
    shape = helper.make_tensor("shape", TensorProto.INT64, [1], [-1])
    graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])],
                              [helper.make_tensor_value_info("label", TensorProto.STRING, [1])], [names, shape])  # fmt: skip
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)], ir_version=10
    )
    answerable(model)
    assert answers(model)[0].tolist() == [X.argmax()] and model.graph.output[0].doc_string == "classes: 0 a, 1 b, 2 c, 3 d"
