"""A model of one's own, without a line of C."""

import numpy
import onnx
import pytest
from onnx import TensorProto, helper


def save(path, nodes, inputs, outputs, **extra):
    graph = helper.make_graph(nodes, "net", inputs, outputs, **extra)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("my.domain", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return path


@pytest.fixture(scope="module")
def batched(checkout):
    """y = relu(x), of any batch."""
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, ["batch", 4]) for n in "xy")
    return save(checkout.folder / "my-net.onnx", [helper.make_node("Relu", ["x"], ["y"])], [x], [y])


def test_runs_and_verifies(checkout, batched):
    numpy.savez(checkout.folder / "in.npz", x=numpy.array([[[1, -2, 3, -4]], [[-1, 2, 0, 8]]], "f4"))
    output = checkout.scons("board=stm32f4", f"model={batched}", "inputs=in.npz", "dims=batch=1", "run", "verify")
    assert "call 0, net, y: [1. 0. 3. 0.]" in output
    assert "call 1, net, y: [0. 2. 0. 8.]" in output
    assert "2 calls on stm32f4 agree with the host" in output


@pytest.mark.parametrize("board, named", [("stm32f4", "stm32f4"), ("nucleo-l476rg", "nucleo-l476rg@mps2-an386")])
def test_size(checkout, batched, board, named):
    output = checkout.scons(f"board={board}", f"model={batched}", "dims=batch=1", "optimize=size", "size")
    assert f"my_net_harness.elf on {named} " in output and "\narena  " in output and "call 0" not in output


def test_random_inputs(checkout, batched):
    assert "4 calls on host agree" in checkout.scons(f"model={batched}", "dims=*=1", "verify")


def test_a_dynamic_batch_names_the_dimension_and_the_option(checkout, batched):
    output = checkout.scons(f"model={batched}", code=2)
    assert "input x, dimension 0 ('batch') is dynamic" in output and "dims=batch=1" in output
    assert "Traceback" not in output


def test_a_missing_operator_names_it_and_its_node(checkout):
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 4]) for n in "xy")
    node = helper.make_node("Foo", ["x"], ["y"], name="the_node", domain="my.domain")
    path = save(checkout.folder / "foo.onnx", [node], [x], [y])
    output = checkout.scons(f"model={path}", code=2)
    assert "node 'the_node', operator Foo of domain my.domain" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    "array, said",
    [
        (numpy.zeros((2, 1, 5), "f4"), ["(2, 1, 5)", "(1, 4)"]),
        (numpy.zeros((2, 1, 4), "f8"), ["float64", "f32"]),
    ],
)
def test_inputs_of_another_shape_or_type(checkout, batched, array, said):
    numpy.savez(checkout.folder / "bad.npz", x=array)
    output = checkout.scons(f"model={batched}", "inputs=bad.npz", "dims=batch=1", "verify", code=2)
    assert all(word in output for word in said) and "bad.npz" in output
    assert "Traceback" not in output


def test_more_weights_than_a_jump_reaches_over(checkout):
    """1.2 MB of weights: RISC-V's JAL reaches 1 MB."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 75_000])
    weights = numpy.random.default_rng(0).uniform(-1, 1, (4, 75_000)).astype("f4")
    node, large = helper.make_node("MatMul", ["x", "w"], ["y"]), onnx.numpy_helper.from_array(weights, "w")
    path = save(checkout.folder / "large.onnx", [node], [x], [y], initializer=[large])
    assert "4 calls on qemu-rv32 agree with the host" in checkout.scons("board=qemu-rv32", f"model={path}", "verify")


def test_too_large_for_the_board(checkout):
    """100,000 floats of arena and output: more than 128 KB of RAM, and the boards with more are named."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [100_000])
    shape = helper.make_tensor("shape", TensorProto.INT64, [1], [100_000])
    nodes = [helper.make_node("Expand", ["x", "shape"], ["y"])]
    path = save(checkout.folder / "wide.onnx", nodes, [x], [y], initializer=[shape])
    output = checkout.scons("board=stm32f4", f"model={path}", code=2)
    assert "RAM of stm32f4" in output and "too many" in output
    assert "mps2-an386" in output.split("It would fit:")[1]
    assert not list((checkout.folder / "build/stm32f4/own_model").rglob("wide_harness.elf"))
