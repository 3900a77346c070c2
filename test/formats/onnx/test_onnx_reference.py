"""The model's own engine: ONNX Runtime, and onnx.reference where that cannot. Right is what NumPy says."""

import sys

import ml_dtypes
import numpy
import onnx
import pytest
from iree_baremetal import cli
from iree_baremetal.codegen import signature
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import reference
from iree_baremetal.plan.model import Function, Plan, Tensor
from iree_baremetal.verify import calls, compare
from iree_baremetal.verify import reference as saved
from onnx import TensorProto, helper, numpy_helper

TYPES = {"i1": "BOOL", "bf16": "BFLOAT16", "f16": "FLOAT16", "f32": "FLOAT", "f64": "DOUBLE", "i8": "INT8", "i64": "INT64"}
TYPES |= {f"ui{bits}": f"UINT{bits}" for bits in (8, 16, 32, 64)}


def write(folder, nodes, inputs, outputs, initializers=(), opset=21, functions=(), domains=()):
    """(file, functions of a plan) of a model; inputs and outputs: [(name, dtype, shape)]."""
    borders = [
        [helper.make_tensor_value_info(name, getattr(TensorProto, TYPES[dtype]), shape) for name, dtype, shape in tensors]
        for tensors in (inputs, outputs)
    ]
    graph = helper.make_graph(nodes, "net", *borders, list(initializers))
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in domains)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10, functions=functions)
    onnx.save(made, folder / "net.onnx")
    sized = [
        [Tensor(name, dtype, tuple(1 if isinstance(e, str) else e for e in shape)) for name, dtype, shape in t]
        for t in (inputs, outputs)
    ]
    return folder / "net.onnx", [Function("net", *sized, [], [])]


def node(operator, inputs, outputs, **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def answers(path, functions, *inputs, **given):
    """(outputs of one call, engine, words)."""
    fed = [calls.Call(0, [numpy.array(i, calls.numpy_dtype(t)) for i, t in zip(inputs, functions[0].inputs)])]
    (outputs,), engine, words = reference.answers(path, functions, fed, **given)
    return outputs, engine, words


def test_onnx_runtime_answers_and_dimensions_get_their_sizes(tmp_path):
    path, functions = write(tmp_path, [node("Neg", "x", "y")], [("x", "f32", ["batch", 2])], [("y", "f32", ["batch", 2])])
    outputs, engine, words = answers(path, functions, [[1, -2]], dims="batch=1")
    assert outputs[0].tolist() == [[-1, 2]] and engine.startswith("ONNX Runtime 1.") and words == []
    with pytest.raises(BaremetalError, match=r"input x, dimension 0 \('batch'\) is dynamic"):
        answers(path, functions, [[1, -2]])


def test_random_numbers_are_not_compared(tmp_path):
    nodes = [
        node("RandomNormalLike", "x", "noise", name="the draw"), node("Add", "x noise", "noisy"),
        node("Neg", "x", "y"), node("Shape", "noisy", "extents"),
    ]  # fmt: skip
    outputs = [("noisy", "f32", [2]), ("y", "f32", [2]), ("extents", "i64", [1])]
    path, functions = write(tmp_path, nodes, [("x", "f32", [2])], outputs)
    found, _, words = answers(path, functions, [1, -2])
    assert found[0] is None and found[1].tolist() == [-1, 2] and found[2].tolist() == [2]
    assert words == ["output noisy is not compared: node 'the draw' draws random numbers"]
    saved.save(tmp_path / "saved.npz", saved.Reference([found]))
    again = saved.load(tmp_path / "saved.npz", functions, [calls.Call(0, [])]).outputs[0]
    assert again[0] is None and again[1].tolist() == [-1, 2]
    board = [numpy.zeros(2, "f4"), numpy.array([-1, 2], "f4"), numpy.array([2])]
    verdict = compare.compare(functions, [calls.Call(0, [])], [board], [again])
    assert verdict.worst is None and verdict.checked == 3


def test_of_outputs_that_are_all_random_nothing_is_said(tmp_path):
    path, functions = write(tmp_path, [node("Bernoulli", "x", "y")], [("x", "f32", [2])], [("y", "f32", [2])])
    outputs, _, words = answers(path, functions, [0.5, 0.5])
    assert outputs is None and words == ["output y is not compared: node 'y' draws random numbers"]


@pytest.mark.parametrize("dtype", [d for d in TYPES if d not in ("i1", "bf16")])
def test_numbers_of_every_type_go_in_and_out(tmp_path, dtype):
    path, functions = write(tmp_path, [node("Identity", "x", "y")], [("x", dtype, [3])], [("y", dtype, [3])])
    ((found,), *_) = answers(path, functions, [1, 2, 100])
    assert found.dtype == calls.numpy_dtype(functions[0].outputs[0]) and found.tolist() == [1, 2, 100]


def test_booleans_are_bytes_in_the_plan(tmp_path):
    path, functions = write(tmp_path, [node("Not", "x", "y")], [("x", "i1", [2])], [("y", "i1", [2])])
    ((found,), *_) = answers(path, functions, [1, 0])
    assert found.dtype == "u1" and found.tolist() == [0, 1]


def test_onnx_reference_answers_what_onnx_runtime_cannot_and_it_is_told(tmp_path):
    """bfloat16, which the plan has as bits."""
    path, functions = write(tmp_path, [node("Add", "x x", "y")], [("x", "bf16", [2])], [("y", "bf16", [2])])
    bits = numpy.array([1.5, -3], ml_dtypes.bfloat16).view("<u2")
    ((found,), engine, (word,)) = answers(path, functions, bits)
    assert found.view(ml_dtypes.bfloat16).tolist() == [3.0, -6.0]
    assert engine == f"onnx.reference {onnx.__version__}"
    assert word.startswith("ONNX Runtime 1.") and "onnx.reference does" in word


def test_what_neither_can_run_is_refused(tmp_path):
    path, functions = write(
        tmp_path, [node("Odd", "x", "y", domain="nowhere")], [("x", "f32", [2])], [("y", "f32", [2])], domains=["nowhere"]
    )
    with pytest.raises(BaremetalError, match="neither ONNX Runtime nor onnx.reference can run the model: .*reference=iree"):
        answers(path, functions, [1, 2])


def test_a_function_of_the_model_is_that_function(tmp_path):
    """Though it is called as an operator of ONNX is."""
    negate = helper.make_function("my", "Relu", ["a"], ["b"], [node("Neg", "a", "b")], [helper.make_opsetid("", 21)])
    made = [node("Relu", "x", "y", domain="my")]
    path, functions = write(tmp_path, made, [("x", "f32", [2])], [("y", "f32", [2])], functions=[negate], domains=["my"])
    assert answers(path, functions, [1, 2])[0][0].tolist() == [-1, -2]


def test_weights_beside_the_model(tmp_path, monkeypatch):
    weights = numpy_helper.from_array(numpy.full((2, 300), 2, "f4"), "w")
    path, functions = write(tmp_path, [node("MatMul", "x w", "y")], [("x", "f32", [1, 2])], [("y", "f32", [1, 300])], [weights])
    onnx.save(onnx.load(path), path, save_as_external_data=True, location="net.weights", size_threshold=0)
    monkeypatch.chdir(tmp_path)
    assert set(answers(path, functions, [[1, 2]])[0][0].ravel()) == {6}


def test_casts_that_overflow_are_told_and_not_compared(tmp_path):
    path, functions = write(
        tmp_path, [node("Cast", "x", "y", to=TensorProto.INT8, name="narrow")], [("x", "f32", [2])], [("y", "i8", [2])]
    )
    fed = [calls.Call(0, [numpy.array(values, "f4")]) for values in ([-128.9, 127.9], [0, 128], [0, numpy.nan])]
    (good, *undefined), _, words = reference.answers(path, functions, fed)
    assert good[0].tolist() == [-128, 127] and undefined == [None, None]
    assert (
        words[0]
        == "call 1 is not compared: node 'narrow' casts 128.0 to INT8, which cannot hold it; ONNX does not say what comes of it"
    )
    assert "call 2 is not compared: node 'narrow' casts nan to INT8" in words[1]


def test_int8_products_do_not_saturate_as_fused_kernels_do(tmp_path):
    """255 * 127 * 2 does not fit 16 bits: an answer of ONNX Runtime's optimized graph depends on the machine."""
    constants = [
        numpy_helper.from_array(numpy.float32(1.0), "s"),
        numpy_helper.from_array(numpy.float32(512.0), "wide"),
        numpy_helper.from_array(numpy.uint8(0), "z"),
        numpy_helper.from_array(numpy.int8(0), "zi"),
        numpy_helper.from_array(numpy.full((64, 16), 127, "i1"), "w"),
    ]
    nodes = [
        node("DequantizeLinear", "x s z", "xf"),
        node("DequantizeLinear", "w s zi", "wf"),
        node("MatMul", "xf wf", "yf"),
        node("QuantizeLinear", "yf wide zi", "y"),
    ]
    path, functions = write(tmp_path, nodes, [("x", "ui8", [1, 64])], [("y", "i8", [1, 16])], constants)
    ((found,), *_) = answers(path, functions, numpy.full((1, 64), 2))
    assert set(found.ravel()) == {round(64 * 2 * 127 / 512)}


def test_the_command_saves_what_is_told_and_compared_with(tmp_path):
    path, functions = write(tmp_path, [node("Neg", "x", "y")], [("x", "f32", [2])], [("y", "f32", [2])])
    signature.write(tmp_path / "net.plan.json", Plan("net", functions, [], b"", []))
    arguments = ["reference", "--own", path, tmp_path / "net.plan.json", "-o", tmp_path / "own.npz"]
    assert cli.main(list(map(str, arguments))) == 0
    fed = calls.random_calls(functions)
    found = saved.load(tmp_path / "own.npz", functions, fed)
    assert found.engine.startswith("ONNX Runtime") and found.steps == 1
    assert compare.compare(functions, fed, [[-c.inputs[0]] for c in fed], found.outputs).exact


def test_where_it_is_absent_the_mend_is_told(tmp_path, monkeypatch, capsys):
    path, functions = write(tmp_path, [node("Neg", "x", "y")], [("x", "f32", [2])], [("y", "f32", [2])])
    signature.write(tmp_path / "net.plan.json", Plan("net", functions, [], b"", []))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert cli.main(["reference", "--own", str(path), str(tmp_path / "net.plan.json"), "-o", str(tmp_path / "own.npz")]) == 2
    said = capsys.readouterr().err
    assert "-m pip install onnxruntime (or 'iree-baremetal[onnx]')" in said and "reference=iree" in said
    assert not (tmp_path / "own.npz").exists()
