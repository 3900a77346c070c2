"""What the importer of .tflite files takes and refuses, and what it says of a model."""

import json
import time

import numpy
import pytest
from iree_baremetal.errors import BaremetalError

pytest.importorskip("iree.compiler")
pytest.importorskip("ai_edge_litert")
import flatbuffers  # noqa: E402
from ai_edge_litert import schema_py_generated as schema  # noqa: E402
from iree.compiler import ir  # noqa: E402
from iree_baremetal.formats.tflite import importer, reading  # noqa: E402
from iree_baremetal.plan import described  # noqa: E402
from iree_baremetal.plan.model import Function, Plan, Tensor  # noqa: E402
from net import Net  # noqa: E402


def imported(folder, content, **options):
    """(the module's text, names) of a file's bytes."""
    source, target = folder / "net.tflite", folder / "net.mlirbc"
    source.write_bytes(content)
    importer.import_model(source, target, "iree-compile", **options)
    with ir.Context(), ir.Location.unknown():
        text = ir.Module.parse(target.read_bytes()).operation.get_asm(large_elements_limit=8)
    return text, json.loads((folder / "net.names.json").read_text())


def doubling(shape=(1, 3), name="x", type_="float32", scale=None, zero=0):
    net = Net()
    x = net.input(type_, shape, scale, zero, name=name)
    net.op("ADD", [x, x], [net.tensor(type_, shape, scale, zero, name="y")], "AddOptions")
    return net


def changed(content, change):
    """The file with change(model) made by the schema's object API."""
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    change(model)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_tensors_have_names_signs_scales_and_zero_points(tmp_path):
    text, names = imported(tmp_path, doubling(type_="uint8", scale=0.5, zero=7).bytes())
    assert "@invoke(%arg0: tensor<1x3xi8>) -> tensor<1x3xi8>" in text
    tensor = {"note": "scale 0.5, zero point 7", "unsigned": True, "scale": 0.5, "zero_point": 7, "rounding": "away"}
    assert names == {"inputs": [{"name": "x", **tensor}], "outputs": [{"name": "y", **tensor}], "nodes": {"ADD": ["y"]}}


def test_a_tensor_without_a_name_is_known_by_its_place(tmp_path):
    _, names = imported(tmp_path, doubling(name="").bytes())
    assert names["inputs"][0]["name"] == "input0" and names["inputs"][0]["scale"] is None


def dynamic(content):
    def change(model):
        for tensor in model.subgraphs[0].tensors:
            tensor.shapeSignature = [-1, 3]

    return changed(content, change)


@pytest.mark.parametrize("options, batch", [({}, 1), ({"dims": "*=4"}, 4), ({"shapes": "x=5x3"}, 5)])
def test_dynamic_dimensions_get_their_sizes(tmp_path, options, batch):
    text, _ = imported(tmp_path, dynamic(doubling().bytes()), **options)
    assert f"(%arg0: tensor<{batch}x3xf32>) -> tensor<{batch}x3xf32>" in text


@pytest.mark.parametrize("options, words", [
    ({"dims": "batch=4"}, "dimensions of a .tflite file have no names"),
    ({"shapes": "image=1x3"}, "no such input. Inputs: x."),
    ({"shapes": "x=1x3x1"}, "has 3 dimensions, the input 2"),
    ({"shapes": "x=1x4"}, "dimension 1 is 3 in the model, 4 in shapes="),
])  # fmt: skip
def test_sizes_that_are_not_the_models(tmp_path, options, words):
    with pytest.raises(BaremetalError, match=words):
        imported(tmp_path, dynamic(doubling().bytes()), **options)


def test_unknown_operators_are_named_with_their_places_and_what_is_supported(tmp_path):
    net = doubling()
    net.op("HASHTABLE_SIZE", [0], [net.tensor("int64", (1,), name="size")])
    with pytest.raises(
        BaremetalError,
        match=r"net.tflite: an operator is not supported:\n  operator 1, HASHTABLE_SIZE \('size'\)\nSupported: .*CONV_2D",
    ):
        imported(tmp_path, net.bytes())


def test_a_custom_operator_goes_by_its_own_name(tmp_path):
    def change(model):
        code = model.operatorCodes[0]
        code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
        code.customCode = b"MyFilter"

    with pytest.raises(BaremetalError, match=r"custom operator 0, MyFilter \('y'\)"):
        imported(tmp_path, changed(doubling().bytes(), change))


def test_a_type_that_an_operator_does_not_take(tmp_path):
    net = Net()
    net.op("SOFTMAX", [net.input("int32", (1, 3))], [net.tensor("int32", (1, 3), name="y")], "SoftmaxOptions", beta=1.0)
    with pytest.raises(
        BaremetalError,
        match=r"operator 0, SOFTMAX \('y'\): it is not supported for elements of type int32; it is for float32, int8",
    ):
        imported(tmp_path, net.bytes())


GOOD = doubling().bytes()


@pytest.mark.parametrize("content, words", [
    (b"", "it is empty"),
    (b"PK\3\4 something else", "it does not have 'TFL3' at byte 4"),
    (GOOD[:100], "outside the file, of 100"),
    (b"\xff\xff\xff\x7f" + GOOD[4:], "outside the file"),
    (changed(GOOD, lambda m: setattr(m, "version", 2)), "its schema is of version 2, not 3"),
    (changed(GOOD, lambda m: setattr(m, "subgraphs", [])), "it has no subgraph"),
    (changed(GOOD, lambda m: setattr(m.subgraphs[0].tensors[0], "buffer", 9)), "tensor 0 'x' names buffer 9 of 1"),
    (changed(GOOD, lambda m: setattr(m.subgraphs[0].operators[0], "inputs", [0, 77])), "operator 0, ADD, names tensor 77 of 2"),
    (changed(GOOD, lambda m: setattr(m.subgraphs[0].operators[0], "opcodeIndex", 3)), "names operator code 3 of 1"),
])  # fmt: skip
def test_what_is_no_tflite_file_is_refused_clearly(tmp_path, content, words):
    with pytest.raises(BaremetalError, match=f"net.tflite is not a valid .tflite file: .*{words}"):
        imported(tmp_path, content)


def test_operators_in_a_wrong_order(tmp_path):
    net = doubling()
    z = net.tensor("float32", (1, 3), name="z")
    net.op("ADD", [1, 1], [z], "AddOptions")
    content = changed(net.bytes(), lambda m: m.subgraphs[0].operators.reverse())
    with pytest.raises(
        BaremetalError, match=r"operator 0, ADD \('z'\): its input, tensor 1 'y', is computed by no operator before it"
    ):
        imported(tmp_path, content)


def test_inputs_that_do_not_fit_each_other_are_told_with_their_operator(tmp_path):
    net = Net()
    x, y = net.input("float32", (1, 3)), net.input("float32", (1, 4))
    net.op("ADD", [x, y], [net.tensor("float32", (1, 4), name="sum")], "AddOptions")
    with pytest.raises(
        BaremetalError, match=r"net.tflite: operator 0, ADD \('sum'\): its inputs and options do not fit each other"
    ):
        imported(tmp_path, net.bytes())


def test_each_signature_with_a_subgraph_of_its_own_is_a_function(tmp_path):
    net = doubling()
    net.add(doubling(shape=(2, 2), type_="uint8", scale=0.5, zero=7, name="image"))

    def change(model):
        model.signatureDefs = []
        for number, key in enumerate((b"encode", b"decode")):
            signature = schema.SignatureDefT()
            signature.signatureKey, signature.subgraphIndex, signature.inputs, signature.outputs = key, number, [], []
            model.signatureDefs.append(signature)

    text, names = imported(tmp_path, changed(net.bytes(), change))
    assert "@encode(%arg0: tensor<1x3xf32>)" in text and "@decode(%arg0: tensor<2x2xi8>)" in text
    functions = [
        Function(name, [Tensor("a", dtype, shape)], [Tensor("b", dtype, shape)], [], [])
        for name, dtype, shape in (("decode", "i8", (2, 2)), ("encode", "f32", (1, 3)))
    ]
    decode, encode = described.named(Plan("net", functions, [], b"", []), tmp_path / "net.names.json").functions
    assert (encode.inputs[0].name, encode.inputs[0].dtype, encode.inputs[0].scale) == ("x", "f32", None)
    assert (decode.inputs[0].name, decode.inputs[0].dtype, decode.inputs[0].scale, decode.inputs[0].zero_point) == (
        "image",
        "ui8",
        0.5,
        7,
    )
    assert names["nodes"] == {"ADD": ["y", "y"]}


def test_a_variable_is_a_mutable_global_with_what_the_initializer_gave_it(tmp_path):
    model = reading.parse(counting(), "net.tflite")
    assert [o.name for o in model.subgraphs[0].operators][:2] == ["CALL_ONCE", "VAR_HANDLE"]
    text, _ = imported(tmp_path, counting())
    assert "util.global private mutable @state0 = dense<5.000000e+00> : tensor<1x3xf32>" in text
    assert text.count("util.global.store") == text.count("util.global.load") == 1


def counting():
    """A file whose answer is its input added to all inputs before, and 5."""

    def with_handle(net):
        handle = net.tensor("int32", (), name="handle")
        net.tensors[handle].type = schema.TensorType.RESOURCE
        net.op("VAR_HANDLE", [], [handle], "VarHandleOptions", container="", sharedName="sum")
        return handle

    net, first = Net(), Net()
    x = net.input("float32", (1, 3), name="x")
    net.op("CALL_ONCE", [], [], "CallOnceOptions", initSubgraphIndex=1)
    handle = with_handle(net)
    old, new = net.tensor("float32", (1, 3)), net.tensor("float32", (1, 3), name="sum")
    net.op("READ_VARIABLE", [handle], [old], "ReadVariableOptions")
    net.op("ADD", [x, old], [new], "AddOptions")
    net.op("ASSIGN_VARIABLE", [handle, new], [], "AssignVariableOptions")
    net.outputs = [new]
    handle = with_handle(first)
    first.op("ASSIGN_VARIABLE", [handle, first.constant(numpy.full((1, 3), 5, "f4"))], [], "AssignVariableOptions")
    first.outputs = []
    net.add(first)
    return net.bytes()


def test_variables_of_one_type_are_parts_of_one_global(tmp_path):
    net, x = Net(), None
    handles = [net.tensor("int32", (), name=name) for name in "ab"]
    for handle, name in zip(handles, "ab"):
        net.tensors[handle].type = schema.TensorType.RESOURCE
        net.op("VAR_HANDLE", [], [handle], "VarHandleOptions", container="", sharedName=name)
    x = net.input("float32", (1, 3), name="x")
    old = [net.tensor("float32", (1, 3), name=f"old {n}") for n in "ab"]
    for handle, tensor in zip(handles, old):
        net.op("READ_VARIABLE", [handle], [tensor], "ReadVariableOptions")
    total = net.tensor("float32", (1, 3), name="sum")
    net.op("ADD", [x, old[1]], [total], "AddOptions")
    net.op("ASSIGN_VARIABLE", [handles[0], total], [], "AssignVariableOptions")
    net.op("ASSIGN_VARIABLE", [handles[1], old[0]], [], "AssignVariableOptions")
    again = net.tensor("float32", (1, 3), name="again")
    net.op("READ_VARIABLE", [handles[0]], [again], "ReadVariableOptions")  # what was assigned in this call
    net.op("ADD", [again, again], [net.tensor("float32", (1, 3), name="y")], "AddOptions")
    text, _ = imported(tmp_path, net.bytes())
    assert "util.global private mutable @state0 = dense<0.000000e+00> : tensor<6xf32>" in text
    assert [text.count(f"util.global.{what}") for what in ("load", "store")] == [1, 1] and text.count("util.global ") == 1


def test_weights_come_through_fast_and_never_as_text(tmp_path):
    net, size = Net(), 1900
    weights = net.constant(numpy.random.default_rng(0).integers(-127, 128, (size, size), "i1"), 0.01)
    x, y = net.input("int8", (1, size), 0.1, -3), net.tensor("int8", (1, size), 0.2, 4)
    net.op("FULLY_CONNECTED", [x, weights, -1], [y], "FullyConnectedOptions")
    (tmp_path / "net.tflite").write_bytes(net.bytes())
    start = time.process_time()
    importer.import_model(tmp_path / "net.tflite", tmp_path / "net.mlirbc", "iree-compile")
    assert time.process_time() - start < 5
    assert (tmp_path / "net.mlirbc").stat().st_size < size * size * 1.1
