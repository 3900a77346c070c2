"""verify: against whom the board's answers are held, and what it says where they differ or nobody can be asked."""

import numpy
import onnx
import pytest
from iree_baremetal.compiler import contraction
from onnx import TensorProto, helper, numpy_helper


@pytest.fixture(scope="module")
def model(checkout):
    """y = -x."""
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 4]) for n in "xy")
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"], name="minus")], "net", [x], [y])
    path = checkout.folder / "negate.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def test_both_are_asked(checkout, model):
    said = checkout.scons(f"model={model}", "verify")
    assert "4 calls on host agree with the host, 16 values, all bitwise equal" in said
    assert "4 calls on host agree with ONNX Runtime 1." in said


def test_one_or_none_is_asked(checkout, model):
    said = checkout.scons(f"model={model}", "reference=own", "verify")
    assert "agree with ONNX Runtime" in said and "agree with the host" not in said
    assert "compared with nothing: reference=none" in checkout.scons(f"model={model}", "reference=none", "verify")
    assert "reference=odd: not one of both, own, iree, none" in checkout.scons(
        f"model={model}", "reference=odd", "verify", code=2
    )


def test_mlir_has_no_engine_but_iree(checkout):
    mlir = checkout.folder / "samples" / "multiply" / "multiply.mlir"
    said = checkout.scons(f"model={mlir}", "verify")
    assert "agree with the host" in said and "IREE was asked alone: multiply.mlir is MLIR" in said
    assert "multiply.mlir is MLIR, whose engine is IREE" in checkout.scons(f"model={mlir}", "reference=own", "verify", code=2)


def test_without_the_engine_all_goes_on_but_verify(checkout, model, tmp_path):
    """A machine that has IREE and onnx, but no ONNX Runtime."""
    (tmp_path / "onnxruntime.py").write_text("raise ModuleNotFoundError(\"No module named 'onnxruntime'\", name='onnxruntime')\n")
    numpy.savez(checkout.folder / "another.npz", x=numpy.ones((1, 1, 4), "f4"))
    given = (f"model={model}", "inputs=another.npz")
    assert "y: [-1. -1. -1. -1.]" in checkout.scons(*given, "run", PYTHONPATH=str(tmp_path))
    said = checkout.scons(*given, "verify", code=2, PYTHONPATH=str(tmp_path))
    assert "-m pip install onnxruntime (or 'iree-baremetal[onnx]')" in said and "Traceback" not in said
    assert "agree with the host" in checkout.scons(*given, "reference=iree", "verify", PYTHONPATH=str(tmp_path))


TRACED = """
import os
variables = Variables(None, ARGUMENTS)
env = Environment(tools=[("iree_baremetal", {"variables": variables})], ENV=os.environ, IREE_IMPORTFLAGS=["--without=power"])
env.IreeVerify(env.IreeModel("power.onnx"))
"""


def test_what_the_import_gets_wrong_fails_and_trace_names_the_node(checkout):
    """IREE on this machine is as wrong as the board: with reference=iree nobody would know."""
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 4]) for n in "xy")
    exponents = helper.make_tensor("e", TensorProto.FLOAT, [4], [1.0, 2.0, 3.0, 2.0])
    nodes = [
        helper.make_node("Neg", ["x"], ["a"]),
        helper.make_node("Pow", ["a", "e"], ["b"], name="powers"),
        helper.make_node("Neg", ["b"], ["y"]),
    ]
    graph = helper.make_graph(nodes, "net", [x], [y], [exponents])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), checkout.folder / "power.onnx")
    checkout.write("SConstruct.traced", TRACED)
    traced = ("-f", "SConstruct.traced")
    assert "agree with the host" in checkout.scons(*traced, "reference=iree", "verify")
    said = checkout.scons(*traced, "verify", code=2)
    assert "board host differs from ONNX Runtime 1." in said and "It agrees with the host reference" in said
    assert "verify trace=1 finds the first node" in said
    said = checkout.scons(*traced, "trace=1", "verify", code=2)
    assert "IREE on this machine gives other values: Pow 'powers', tensor b" in said and "Traceback" not in said


def test_denormal_numbers_are_told_as_what_they_are(checkout):
    """1e-20 * 1e-20 * 1e38: IREE on this machine makes the product zero, boards and ONNX Runtime do not."""
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [4]) for n in "xy")
    small, large = (helper.make_tensor(n, TensorProto.FLOAT, [4], [v] * 4) for n, v in (("small", 1e-20), ("large", 1e38)))
    nodes = [helper.make_node("Mul", ["x", "small"], ["a"]), helper.make_node("Mul", ["a", "large"], ["y"])]
    graph = helper.make_graph(nodes, "net", [x], [y], [small, large])
    path = checkout.folder / "denormals.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    numpy.savez(checkout.folder / "tiny.npz", x=numpy.full((1, 4), 1e-20, "f4"))
    said = checkout.scons(f"model={path}", "inputs=tiny.npz", "verify")
    assert "IREE on this machine is off at call 0, net, y[0]: board 0.0099999" in said and "takes denormal numbers" in said
    assert "1 calls on host agree with ONNX Runtime" in said and "agree with the host" not in said


def cancelled(folder, faulty=False):
    """x * w - product, where product is x * w, rounded: 0, or the rounding error where both are done in one rounding.

    faulty: with a power besides, which IREE computes wrongly without our rule.
    """
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [64]) for n in "xy")
    factors = numpy.linspace(3, 97, 64, dtype="f4")
    constants = {"w": factors, "product": factors * factors, "e": numpy.tile(numpy.float32([1, 2, 3, 2]), 16)}
    nodes = [helper.make_node("Mul", ["x", "w"], ["a"]), helper.make_node("Sub", ["a", "product"], ["b" if faulty else "y"])]
    if faulty:
        nodes += [
            helper.make_node("Neg", ["x"], ["n"]),
            helper.make_node("Pow", ["n", "e"], ["p"]),
            helper.make_node("Add", ["b", "p"], ["y"]),
        ]
    graph = helper.make_graph(nodes, "net", [x], [y], [numpy_helper.from_array(v, k) for k, v in constants.items()])
    path = folder / "cancelled.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    numpy.savez(folder / "factors.npz", x=factors[None])
    return path


@pytest.mark.skipif(not contraction.host_flags(), reason="this machine has no multiply-add")
def test_what_a_multiply_add_makes_otherwise_is_told_as_that(checkout):
    said = checkout.scons(f"model={cancelled(checkout.folder)}", "inputs=factors.npz", "board=qemu-rv32", "verify")
    assert "IREE on this machine differs at call 0, net, y[" in said and "ONNX Runtime 1." in said
    assert said.count("multiplies and adds in one instruction, which rounds once") == 2
    assert "told to do as the board, 1 calls agree with it" in said and "agree with the host" not in said


def test_an_error_besides_is_no_rounding(checkout):
    """IREE agrees with itself, on the board and here; ONNX Runtime with neither."""
    cancelled(checkout.folder, faulty=True)
    checkout.write("SConstruct.faulty", TRACED.replace('"power.onnx")', '"cancelled.onnx"), "factors.npz"'))
    said = checkout.scons("-f", "SConstruct.faulty", "board=qemu-rv32", "verify", code=2)
    assert "differs from ONNX Runtime 1." in said and "multiplies and adds" not in said


def quantized(folder, fault):
    """A product of scale 0.01 in steps of 0.02, so that every other one is a tie, then six times as much; files of it and its inputs.

    fault: an average pool in between, of which IREE divides the last windows by another number without our rule.
    """
    constants = {
        "s": numpy.float32(0.1),
        "z": numpy.int8(0),
        "w": numpy.array([[3, 5, 7, 9], [0] * 4], "i1"),
        "sy": numpy.float32(0.02),
    }
    constants |= {"six": numpy.float32(6), "shape": numpy.array([1, 1, 16, 4])}
    pool = dict(kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, count_include_pad=1)
    operators = [
        ("DequantizeLinear", "x s z", "xf", {}), ("DequantizeLinear", "w s z", "wf", {}), ("MatMul", "xf wf", "m", {}),
        ("Reshape", "m shape", "r", {}), *([("AveragePool", "r", "a", pool)] if fault else []),
        ("QuantizeLinear", "a sy z" if fault else "r sy z", "q", {}), ("DequantizeLinear", "q sy z", "qf", {}),
        ("Mul", "qf six", "p", {}), ("QuantizeLinear", "p s z", "y", {}),
    ]  # fmt: skip
    nodes = [helper.make_node(operator, inputs.split(), [output], **more) for operator, inputs, output, more in operators]
    x, y = (helper.make_tensor_value_info(n, TensorProto.INT8, shape) for n, shape in (("x", [16, 2]), ("y", None)))
    graph = helper.make_graph(
        nodes, "net", [x], [y], [numpy_helper.from_array(numpy.asarray(a), n) for n, a in constants.items()]
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    onnx.save(onnx.shape_inference.infer_shapes(made), folder / "quantized.onnx")
    inputs = numpy.zeros((1, 16, 2), "i1")
    inputs[0, :, 0] = numpy.arange(-15, 17, 2)
    numpy.savez(folder / "quantized.npz", x=inputs)


QUANTIZED = """
import os
env = Environment(tools=["iree_baremetal"], ENV=os.environ, IREE_IMPORTFLAGS=["--without=average_pool"])
env.IreeVerify(env.IreeModel("quantized.onnx"), inputs="quantized.npz")
"""


def test_ties_inside_a_quantized_model_are_told_and_pass(checkout):
    """ONNX Runtime multiplies floats that are rounded, IREE integers: half of the products are in the middle of two steps."""
    quantized(checkout.folder, fault=False)
    said = checkout.scons("model=quantized.onnx", "inputs=quantized.npz", "verify")
    assert "agree with the host, 64 values, all bitwise equal" in said
    assert "steps of its scale, by ties: inner values in the middle between two steps" in said and "(8 of q)" in said
    assert "With these as IREE has them, 1 calls agree with it, 64 values, all bitwise equal." in said


def test_a_step_inside_a_quantized_model_that_is_no_tie_fails(checkout):
    quantized(checkout.folder, fault=True)
    checkout.write("SConstruct.quantized", QUANTIZED)
    said = checkout.scons("-f", "SConstruct.quantized", "verify", code=2)
    assert (
        "board host differs from ONNX Runtime" in said and "It agrees with the host reference" in said and "by ties" not in said
    )
