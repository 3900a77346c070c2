"""A float model to int8: what is written, what it is compared with, and what is refused."""

import json

import numpy
import onnx
import onnxruntime
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx.quantization import loss, quantizer
from iree_baremetal.formats.onnx.quantization.quantizer import Choice
from iree_baremetal.formats.onnx.quantization.report import text
from onnx import TensorProto, helper, numpy_helper

RANDOM = numpy.random.default_rng(1)


def network(last="Softmax", batch="n", names=True):
    """Convolution, batch normalization, Relu, flatten, product, and one more operator."""
    constants = {
        "w": RANDOM.normal(0, 0.3, (4, 2, 3)),
        "b": RANDOM.normal(0, 0.1, 4),
        "scale": RANDOM.uniform(0.5, 2, 4),
        "shift": RANDOM.normal(0, 0.1, 4),
        "mean": RANDOM.normal(0, 0.1, 4),
        "var": RANDOM.uniform(0.5, 2, 4),
        "v": RANDOM.normal(0, 0.3, (24, 3)),
    }
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], "conv"),
        helper.make_node("BatchNormalization", ["c", "scale", "shift", "mean", "var"], ["n1"], "norm"),
        helper.make_node("Relu", ["n1"], ["r"], "relu"),
        helper.make_node("Flatten", ["r"], ["f"], "flat"),
        helper.make_node("MatMul", ["f", "v"], ["m"], "product"),
        helper.make_node(last, ["m"], ["y"], "last"),
    ]
    for node in nodes:
        node.name = node.name if names else ""
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, 2, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, 3])],
        [numpy_helper.from_array(array.astype("f4"), name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def quantize(tmp_path):
    def run(model=None, choice=Choice(), inputs=None, dims="n=1", **arrays):
        onnx.save(model or network(), tmp_path / "net.onnx")
        numpy.savez(tmp_path / "data.npz", **(arrays or {"x": RANDOM.normal(0, 1, (20, 2, 8)).astype("f4")}))
        if inputs is not None:
            numpy.savez(tmp_path / "more.npz", **inputs)
        more = str(tmp_path / "more.npz") if inputs is not None else ""
        files = tmp_path / "net.onnx", tmp_path / "data.npz", tmp_path / "q.onnx"
        report = quantizer.quantize(*files, choice, dims, inputs=more)
        return onnx.load(tmp_path / "q.onnx"), report

    return run


def operators(model):
    return [node.op_type for node in model.graph.node]


def types(values):
    return [TensorProto.DataType.Name(value.type.tensor_type.elem_type) for value in values]


def test_weights_are_int8_and_batch_normalization_is_folded(quantize):
    model, report = quantize()
    assert "BatchNormalization" not in operators(model) and "QuantizeLinear" in operators(model)
    kinds = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    assert sorted(kinds[n] for n in kinds if n.endswith("_quantized")) == [TensorProto.INT8, TensorProto.INT8, TensorProto.INT32]
    assert types(model.graph.input) == types(model.graph.output) == ["FLOAT"]
    assert {opset.domain for opset in model.opset_import} == {""}
    assert report["on"]["calibration"]["calls"] == 20


def test_what_is_written_answers_nearly_as_the_float_model(quantize, tmp_path):
    quantize()
    x = {"x": RANDOM.normal(0, 1, (1, 2, 8)).astype("f4")}
    one, other = (onnxruntime.InferenceSession(str(tmp_path / name)).run(None, x)[0] for name in ("net.onnx", "q.onnx"))
    assert 0 < numpy.abs(one - other).max() < 0.05


def test_the_report_is_numpys(quantize, tmp_path):
    """Signal to noise, differences, top answers and accuracy, once more by hand."""
    x, label = RANDOM.normal(0, 1, (20, 2, 8)).astype("f4"), RANDOM.integers(0, 3, 20)
    _, report = quantize(x=x, label=label)
    as_it_is = onnxruntime.SessionOptions()
    as_it_is.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    sessions = [onnxruntime.InferenceSession(str(tmp_path / name), as_it_is) for name in ("net.onnx", "q.onnx")]
    one, other = (numpy.concatenate([s.run(None, {"x": sample[None]})[0] for sample in x]).astype("f8") for s in sessions)
    found = report["on"]["calibration"]
    [output] = found["outputs"]
    assert output["largest"] == pytest.approx(numpy.abs(one - other).max(), rel=1e-3)
    assert output["snr"] == pytest.approx(20 * numpy.log10(numpy.linalg.norm(one) / numpy.linalg.norm(one - other)), abs=0.01)
    assert found["accuracy"][0] == pytest.approx((one.argmax(1) == label).mean())
    assert json.loads((tmp_path / "q.quantization.json").read_text()) == report


def test_layers_are_ranked_by_the_noise_they_add(quantize):
    model = network()
    # One channel so large that the others drown in its scale of activations.
    scale = next(t for t in model.graph.initializer if t.name == "scale")
    scale.CopyFrom(numpy_helper.from_array(numpy.array([300, 1, 1, 1], "f4"), "scale"))
    v = next(t for t in model.graph.initializer if t.name == "v")
    values = numpy_helper.to_array(v).copy()
    values[:6] = 0  # and that is not used
    v.CopyFrom(numpy_helper.from_array(values, "v"))
    _, report = quantize(model)
    assert report["layers"][0]["node"] == "product" and "quantize_keep=product" in text(report)
    _, kept = quantize(model, Choice(activations="int16"))
    assert kept["on"]["calibration"]["outputs"][0]["snr"] > report["on"]["calibration"]["outputs"][0]["snr"] + 10


def test_a_border_of_integers(quantize):
    model, report = quantize(choice=Choice(border="int8"))
    assert types(model.graph.input) == types(model.graph.output) == ["INT8"] and report["border"] == []
    onnx.checker.check_model(model, full_check=True)
    model, _ = quantize(choice=Choice(border="int8", activations="int16"))
    assert types(model.graph.input) == ["INT16"]


def test_a_border_that_is_not_quantized_is_told(quantize):
    model, report = quantize(network(last="Abs"), Choice(border="int8", keep=("product",)))
    assert types(model.graph.output) == ["FLOAT"] and report["border"] == ["y"]
    assert "y stays as it is at the border" in text(report)


@pytest.mark.parametrize("keep", ["conv", "Conv"])
def test_nodes_and_operators_stay_in_float(quantize, keep):
    model, report = quantize(choice=Choice(keep=(keep,)))
    assert report["kept"] == ["conv"]
    makers = {name: node.op_type for node in model.graph.node for name in node.output}
    conv = next(node for node in model.graph.node if node.op_type == "Conv")
    assert makers.get(conv.input[0]) != "DequantizeLinear"


def test_unnamed_nodes_can_be_kept_by_their_operator(quantize):
    assert quantize(network(names=False), Choice(keep=("MatMul",)))[1]["kept"] == ["MatMul_4"]


@pytest.mark.parametrize("method", quantizer.METHODS)
def test_every_method(quantize, method):
    assert quantize(choice=Choice(method=method))[1]["on"]["calibration"]["outputs"][0]["snr"] > 20


def test_integers_for_a_float_input_are_cast_and_further_arrays_left(quantize):
    x = RANDOM.integers(0, 200, (20, 2, 8)).astype("u1")
    _, report = quantize(x=x, extra=numpy.zeros(3))
    assert report["unused"] == ["extra"] and "array extra of data.npz feeds no input" in text(report)


def test_a_second_file_is_compared_with(quantize):
    _, report = quantize(inputs={"x": RANDOM.normal(0, 1, (7, 2, 8)).astype("f4")})
    assert report["on"]["inputs"]["calls"] == 7


def values(**changed):
    x = RANDOM.normal(0, 1, (20, 2, 8)).astype("f4")
    for index, value in changed.get("set", {}).items():
        x[index] = value
    return x


@pytest.mark.parametrize(
    "arrays, said",
    [
        ({"z": values()}, "holds z; the model's inputs are x"),
        ({"x": values()[:, :1]}, r"has shape \(20, 1, 8\)"),
        ({"x": values().astype("f8")}, "has type float64; input x is f32"),
        ({"x": values()[:1]}, "holds one sample"),
        ({"x": values() * 0 + 3}, "every value of input x is 3"),
        ({"x": values(set={(4, 0, 0): numpy.nan})}, "sample 4 of input x holds nan"),
    ],
)
def test_bad_calibration_data(quantize, arrays, said):
    with pytest.raises(BaremetalError, match=said):
        quantize(**arrays)


def test_what_cannot_be_quantized(quantize, tmp_path):
    model, _ = quantize()
    with pytest.raises(BaremetalError, match="its activations are quantized already"):
        quantize(model, dims="")
    graph = helper.make_graph([helper.make_node("Abs", ["x"], ["y"])], "net", network().graph.input, network().graph.output)
    graph.output[0].type.CopyFrom(graph.input[0].type)
    with pytest.raises(BaremetalError, match="has no product"):
        quantize(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9))


def test_operators_that_onnx_runtime_lacks_are_told_by_their_opset(tmp_path, monkeypatch):
    def lacking(*_):
        raise NotImplementedError("Could not find an implementation for DequantizeLinear(28)")

    monkeypatch.setattr(loss.onnxruntime, "InferenceSession", lacking)
    path = tmp_path / "net.onnx"
    onnx.save(network(), path)
    with pytest.raises(BaremetalError, match=r"DequantizeLinear\(28\)\. Its operators are of opset 17: an older one may help"):
        loss.report(path, path, {"calibration": ([{}], None)})


@pytest.mark.parametrize(
    "choice, said",
    [
        (Choice(method="best"), "quantize_method=best: not one of minmax, percentile, entropy"),
        (Choice(activations="int4"), "quantize_activations=int4: not one of int8, int16"),
        (Choice(border="uint8"), "quantize_border=uint8: not one of float, int8"),
        (Choice(keep=("conv7",)), r"quantize_keep=conv7: .*no such node or operator. Its nodes: conv \(Conv\)"),
        (
            Choice(keep=("Conv", "MatMul", "Gemm", "Softmax", "Flatten", "Relu")[:2] + ("Softmax", "Flatten", "Relu")),
            "nothing is left to quantize",
        ),
    ],
)
def test_wrong_options(quantize, choice, said):
    with pytest.raises(BaremetalError, match=said):
        quantize(choice=choice)


def test_weights_that_are_quantized_alone_are_folded(quantize):
    model = network()
    weights = next(t for t in model.graph.initializer if t.name == "v")
    stored = numpy.clip(numpy.round(numpy_helper.to_array(weights) / 0.01), -127, 127).astype("i1")
    weights.CopyFrom(numpy_helper.from_array(stored, "stored"))
    model.graph.initializer.append(numpy_helper.from_array(numpy.float32(0.01), "s"))
    model.graph.node.insert(0, helper.make_node("DequantizeLinear", ["stored", "s"], ["v"], "weights"))
    made, _ = quantize(model)
    assert [t.name for t in made.graph.initializer if t.name == "v_quantized"]
