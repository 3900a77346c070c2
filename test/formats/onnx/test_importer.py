"""ONNX models: their dynamic dimensions get sizes, or an error says which has none."""

import json

import pytest
from iree_baremetal import compiler
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats import options
from iree_baremetal.formats.onnx import dimensions, importer

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper  # noqa: E402


def value(name, shape, type_=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, type_, shape)


def model(*inputs, nodes=None, outputs=None, initializers=()):
    """A model that adds its two inputs, or of nodes."""
    nodes = nodes or [helper.make_node("Add", [i.name for i in inputs], ["sum"])]
    graph = helper.make_graph(nodes, "net", list(inputs), outputs or [value("sum", ["batch", 3])], list(initializers))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


BATCHED = [value("x", ["batch", 3]), value("y", ["batch", 3])]


def fixed(made, dims="", shapes=""):
    dimensions.fix_dimensions("net.onnx", made, options.parse_dims(dims), options.parse_shapes(shapes))
    return [[d.dim_value for d in i.type.tensor_type.shape.dim] for i in made.graph.input]


def test_dims_and_shapes_are_parsed():
    assert options.parse_dims("batch=1, length=16") == {"batch": 1, "length": 16}
    assert options.parse_shapes("image=1x8x8,n=4") == {"image": (1, 8, 8), "n": (4,)}
    assert options.parse_dims("batch=?,*=2") == {"batch": None, "*": 2}
    assert options.parse_dims("") == options.parse_shapes("") == {}


@pytest.mark.parametrize("text", ["batch", "batch=", "batch=0", "batch=-1", "batch=x", "batch=!"])
def test_malformed_dims_and_shapes_are_refused(text):
    with pytest.raises(BaremetalError, match=f"dims={text}: '{text}' is not NAME=SIZE"):
        options.parse_dims(text)
    with pytest.raises(BaremetalError, match=f"shapes={text}: '{text}' is not NAME=AxBxC"):
        options.parse_shapes(text)


@pytest.mark.parametrize("dims, shapes", [("batch=2", ""), ("", "x=2x3,y=2x3"), ("*=2", "")])
def test_dynamic_dimensions_get_their_sizes(dims, shapes):
    assert fixed(model(*BATCHED), dims, shapes) == [[2, 3], [2, 3]]


@pytest.mark.parametrize("dims", ["batch=?", "*=?", "batch=?,*=7"])
def test_dimensions_stay_dynamic_where_that_is_asked(dims):
    made = model(*BATCHED)
    assert fixed(made, dims) == [[0, 3], [0, 3]]
    assert [d.WhichOneof("value") for d in made.graph.input[0].type.tensor_type.shape.dim] != ["dim_value", "dim_value"]


def test_an_unnamed_dimension_gets_its_size():
    assert fixed(model(value("x", [None, 3]), value("y", [3])), "", "x=2x3") == [[2, 3], [3]]


def test_initializers_are_no_inputs():
    weights = helper.make_tensor("y", TensorProto.FLOAT, [3], [1.0, 2.0, 3.0])
    made = model(value("x", [3]), value("y", ["n"]), initializers=[weights])
    assert fixed(made)[0] == [3]


@pytest.mark.parametrize(
    "dims, shapes, said",
    [
        ("", "", r"net.onnx: input x, dimension 0 \('batch'\) is dynamic. Fix it: dims=batch=1, or shapes=x=1x"),
        ("length=1", "x=1x3,y=1x3", r"dims=length=…: the model has no such dimension. Dynamic dimensions: batch"),
        ("", "z=1x3", r"shapes=z=…: no such input. Inputs: x, y"),
        ("", "x=1", r"shapes=x=… has 1 dimensions, the input 2"),
        ("", "x=1x4", r"input x, dimension 1 is 3 in the model, 4 in shapes="),
    ],
)
def test_wrong_sizes_are_named(dims, shapes, said):
    with pytest.raises(BaremetalError, match=said):
        fixed(model(*BATCHED), dims, shapes)


def test_the_mend_for_an_unnamed_dimension_is_shapes():
    with pytest.raises(BaremetalError, match="input x, dimension 0 is dynamic. Fix it: shapes=x=1x"):
        fixed(model(value("x", [None, 3]), value("y", [3])))
    with pytest.raises(BaremetalError, match="dims=batch=…: the model has no such dimension. It has no dynamic"):
        fixed(model(value("x", [3]), value("y", [3])), "batch=1")


def imported(folder, made, **given):
    onnx.save(made, folder / "net.onnx")
    importer.import_model(folder / "net.onnx", folder / "net.mlir", compiler.find(), **given)
    return (folder / "net.mlir").read_text(), json.loads((folder / "net.names.json").read_text())


def test_a_model_becomes_mlir_of_static_shapes(tmp_path):
    text, names = imported(tmp_path, model(*BATCHED), dims="batch=2")
    assert "!torch.vtensor<[2,3],f32>" in text and "?" not in text
    assert [t["name"] for t in names["inputs"]] == ["x", "y"]
    assert [t["name"] for t in names["outputs"]] == ["sum"]


def test_quantized_and_unsigned_borders_are_noted(tmp_path):
    scale = helper.make_tensor("scale", TensorProto.FLOAT, [], [0.5])
    zero = helper.make_tensor("zero", TensorProto.UINT8, [], [3])
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"], axis=0),  # as exporters do, which move elements first
        helper.make_node("DequantizeLinear", ["flat", "scale", "zero"], ["real"]),
        helper.make_node("Neg", ["real"], ["y"]),
    ]
    made = model(value("x", [4], TensorProto.UINT8), nodes=nodes, outputs=[value("y", [1, 4])], initializers=[scale, zero])
    _, names = imported(tmp_path, made)
    quantized = {"note": "scale 0.5, zero point 3", "scale": 0.5, "zero_point": 3}
    assert names["inputs"] == [{"name": "x", "unsigned": True, **quantized}]
    assert names["outputs"] == [{"name": "y", "unsigned": False, "note": "", "scale": None, "zero_point": None}]


def test_what_is_no_model_is_refused(tmp_path):
    for content in (b"", b"this is no protobuf", b"\x08\x09" * 10):
        (tmp_path / "net.onnx").write_bytes(content)
        with pytest.raises(BaremetalError, match="net.onnx is not a valid ONNX model: "):
            importer.import_model(tmp_path / "net.onnx", tmp_path / "net.mlir", compiler.find())
    assert not (tmp_path / "net.mlir").exists()
    with pytest.raises(BaremetalError, match="none.onnx is not a valid ONNX model"):
        importer.import_model(tmp_path / "none.onnx", tmp_path / "net.mlir", compiler.find())


def test_what_the_importer_refuses_is_told(tmp_path):
    nodes = [helper.make_node("NoSuchOperator", ["x"], ["sum"], domain="nowhere")]
    made = model(value("x", [3]), nodes=nodes, outputs=[value("sum", [3])])
    made.opset_import.append(helper.make_opsetid("nowhere", 1))
    onnx.save(made, tmp_path / "net.onnx")
    with pytest.raises(BaremetalError, match="node 'sum', operator NoSuchOperator of domain nowhere: IREE has no lowering"):
        importer.import_model(tmp_path / "net.onnx", tmp_path / "net.mlir", compiler.find())
    assert not (tmp_path / "net.mlir").exists()
