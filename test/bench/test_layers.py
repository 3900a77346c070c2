"""Layers by the model's own names: which nodes each dispatch computes, by the real importer and compiler."""

import json
import subprocess

import numpy
import pytest
import tools
from iree_baremetal import commands, compiler, modules
from iree_baremetal.bench import layers, nodes
from iree_baremetal.formats.onnx import importer
from iree_baremetal.plan import places

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402


def dispatches(program):
    """(kernel, place) of each dispatch of a module at the flow phase, in its order."""
    with modules.parsed(program, "flow") as module:
        found = modules.operations(module, "flow.dispatch")
        return [(str(op.attributes["entry_points"][0]).rpartition("@")[2], places.first(str(op.location))) for op in found]


def labels(folder, model, names=None):
    """The label of each dispatch of a model, an MLIR file, in their order."""
    flow = folder / "flow.mlirbc"
    flags = [*compiler.target_flags(tools.HOST), *compiler.GUIDE_FLAGS]
    subprocess.run([compiler.find(), *flags, "--compile-to=flow", "--emit-mlir-bytecode", model, "-o", flow], check=True)
    found = nodes.read(flow.read_bytes(), model, names)
    return [layers.label(layers.of(found, kernel, location), kernel) for kernel, location in dispatches(flow.read_bytes())], found


def imported(folder, made, inputs, outputs, weights):
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)  # noqa: E731
    tensors = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(made, "net", [value(*i) for i in inputs.items()], [value(*o) for o in outputs.items()], tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "net.onnx")
    importer.import_model(folder / "net.onnx", folder / "net.mlir", compiler.find())
    return folder / "net.mlir", folder / "net.names.json"


def weights(*shape):
    return numpy.random.default_rng(1).standard_normal(shape).astype("float32")


def test_nodes_of_an_onnx_have_their_names(tmp_path):
    made = [
        helper.make_node("Conv", ["x", "w1", "b"], ["c1"], name="stem/conv", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"], name="stem/relu"),
        helper.make_node("MaxPool", ["r1"], ["p"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["p"], ["f"], name="flat"),
        helper.make_node("Gemm", ["f", "w2"], ["y"], name="head"),
    ]
    model, names = imported(
        tmp_path, made, {"x": [1, 1, 8, 8]}, {"y": [1, 5]}, {"w1": weights(4, 1, 3, 3), "b": weights(4), "w2": weights(64, 5)}
    )
    told, found = labels(tmp_path, model, names)
    told = [label for label in told if not label.startswith("copy for ")]
    assert told == ["Conv stem/conv + Relu stem/relu", "MaxPool pool", "Gemm head"]
    read = [tuple(node) for node in found["nodes"].values() if node[0] != "Constant"]
    assert read == [(node.op_type, node.name) for node in made]


def test_layers_alike_share_a_kernel_and_keep_their_names(tmp_path):
    shared = {"w": weights(16, 16), "b": weights(16)}
    made = []
    for number, (before, after) in enumerate([("x", "h0"), ("h0", "h1"), ("h1", "y")]):
        made.append(helper.make_node("Gemm", [before, "w", "b"], [f"g{number}"], name=f"dense_{number}"))
        made.append(helper.make_node("Relu", [f"g{number}"], [after], name=f"relu_{number}"))
    told, _ = labels(tmp_path, *imported(tmp_path, made, {"x": [1, 16]}, {"y": [1, 16]}, shared))
    told = [label for label in told if label.startswith("Gemm")]
    assert told == [f"Gemm dense_{n} + Relu relu_{n}" for n in range(3)]


def test_nodes_without_names_have_those_of_their_outputs(tmp_path):
    made = [helper.make_node("Softmax", ["x"], ["y"], axis=1)]
    told, _ = labels(tmp_path, *imported(tmp_path, made, {"x": [1, 16]}, {"y": [1, 16]}, {}))
    assert set(told) == {"Softmax y"}


MLIR = """
func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x4xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x4xf32>) outs(%zero : tensor<4x4xf32>) -> tensor<4x4xf32>LOCATION
  return %p : tensor<4x4xf32>
}
"""


@pytest.mark.parametrize(
    "location, told",
    [("", "linalg.matmul net.mlir:4"), (' loc("attention/query")', "attention/query"), (' loc("blöck \\\\ 1")', "blöck \\ 1")],
)
def test_mlir_has_its_lines_or_the_names_that_stand_there(tmp_path, location, told):
    model = tmp_path / "net.mlir"
    model.write_text(MLIR.replace("LOCATION", location))
    assert labels(tmp_path, model)[0] == [told]


def test_lines_are_told_in_their_order(tmp_path):
    model = tmp_path / "net.mlir"
    body = [f"  %{n + 1} = math.{name} %{n} : tensor<64xf32>" for n, name in enumerate(("exp", "absf", "sqrt"))]
    model.write_text(
        "\n".join(["func.func @f(%0: tensor<64xf32>) -> tensor<64xf32> {", *body, "  return %3 : tensor<64xf32>", "}"])
    )
    assert labels(tmp_path, model)[0] == ["math.exp net.mlir:2 + math.absf net.mlir:3 + math.sqrt net.mlir:4"]


def test_mlir_without_locations_has_its_kernels_names(tmp_path):
    model = tmp_path / "net.mlirbc"
    (tmp_path / "net.mlir").write_text(MLIR.replace("LOCATION", ""))
    tool = compiler.find("iree-opt")
    subprocess.run([tool, "--strip-debuginfo", "--emit-bytecode", tmp_path / "net.mlir", "-o", model], check=True)
    [told], _ = labels(tmp_path, model)
    assert told.startswith("f_dispatch_0")


def test_the_command(tmp_path):
    model = tmp_path / "net.mlir"
    model.write_text(MLIR.replace("LOCATION", ""))
    expected = labels(tmp_path, model)[1]

    class Options:
        program, names, output = str(tmp_path / "flow.mlirbc"), "", tmp_path / "net.layers.json"

    Options.model = str(model)
    commands.layers(Options)
    assert json.loads(Options.output.read_text()) == expected


def node(name, operator="Conv", rest=False):
    return {"operator": operator, "name": name, "rest": rest}


@pytest.mark.parametrize(
    "of, kernel, told",
    [
        ([], "f_dispatch_1$async_copy", "f_dispatch_1_copy"),
        ([node("q", "QuantizeLinear"), node("c"), node("d", "DequantizeLinear")], "k", "Conv c"),
        ([node("q", "QuantizeLinear")], "k", "QuantizeLinear q"),
        ([node("c", rest=True)], "k_memcpy", "copy for Conv c"),
        ([node("c", rest=True)], "k_elementwise", "part of Conv c"),
        ([node("c", rest=True), node("a", "Add")], "k", "Add a"),
        ([node("last;first", "CONV_2D")], "k", "CONV_2D last"),
        ([node(""), node("b")], "k", "Conv + Conv b"),
        ([node(str(n)) for n in range(5)], "k", "Conv 0 + Conv 1 + Conv 2 + 2 more"),
    ],
)
def test_labels(of, kernel, told):
    assert layers.label(of, kernel) == told


@pytest.mark.parametrize(
    "location, named",
    [
        ('loc("/a/net.mlir":3:7)', ["net.mlir:3:7"]),
        ('loc(fused["b", "a", "b", "/x.mlir":1:2])', ["b", "a", "x.mlir:1:2"]),
        ('loc(callsite("q" at "/x.mlir":2:1))', ["q"]),
        ('loc(fused[callsite("q" at callsite("/x.mlir":2:1 at "y")), callsite("/z.mlir":1:2 at "y")])', ["q", "z.mlir:1:2"]),
        (r'loc("at \22home\22 at \22x")', ['at "home" at "x']),
        ("loc(unknown)", []),
    ],
)
def test_places_of_a_location(location, named):
    assert places.places(location) == named
