"""optimize=memory runs layers by rows: the answers stay, with dead memory poisoned, and line buffers take the place of tensors."""

import re

import numpy
import onnx
import pytest
from iree_baremetal import compiler
from onnx import TensorProto, helper, numpy_helper

pytest.importorskip("unicorn")
pytestmark = pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="kernels look different elsewhere")

CHANNELS, SIDE = 8, 20
MAP = CHANNELS * SIDE * SIDE  # elements of a tensor between the first layers


def net(path):
    """A residual of padded convolutions, a max pool, a depthwise one with a stride, a 1x1, an average pool, a product."""
    generator, weights = numpy.random.default_rng(3), []

    def conv(name, source, kernel, inputs=CHANNELS, group=1, stride=1):
        shape = (CHANNELS, inputs // group, kernel, kernel)
        weights.append(numpy_helper.from_array(generator.uniform(-0.4, 0.4, shape).astype("f4"), f"{name}_w"))
        weights.append(numpy_helper.from_array(generator.uniform(-0.4, 0.4, CHANNELS).astype("f4"), f"{name}_b"))
        keywords = {"group": group, "strides": [stride] * 2, "pads": [kernel // 2] * 4}
        return helper.make_node("Conv", [source, f"{name}_w", f"{name}_b"], [name], **keywords)

    nodes = [conv("a", "x", 3, inputs=2), helper.make_node("Relu", ["a"], ["b"])]
    nodes += [conv("c", "b", 3), helper.make_node("Relu", ["c"], ["d"]), conv("e", "d", 3)]
    nodes += [helper.make_node("Add", ["b", "e"], ["f"]), helper.make_node("Relu", ["f"], ["g"])]
    nodes += [helper.make_node("MaxPool", ["g"], ["p"], kernel_shape=[2, 2], strides=[2, 2])]
    nodes += [conv("h", "p", 3, group=CHANNELS, stride=2), conv("i", "h", 1), helper.make_node("Relu", ["i"], ["j"])]
    nodes += [helper.make_node("GlobalAveragePool", ["j"], ["k"]), helper.make_node("Flatten", ["k"], ["l"])]
    weights.append(numpy_helper.from_array(generator.uniform(-1, 1, (CHANNELS, 5)).astype("f4"), "m"))
    nodes += [helper.make_node("MatMul", ["l", "m"], ["y"])]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2, SIDE, SIDE])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 5])
    graph = helper.make_graph(nodes, "net", [x], [y], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    numpy.savez(path.with_suffix(".npz"), x=generator.uniform(-1, 1, (8, 2, SIDE, SIDE)).astype("f4"))
    return path


# The budget leaves 3.8 KB for the arena: more than rows need, which are as many at a time as fit, and less than two tensors of 3,200.
BUDGET = ["quantize=net.npz", "quantize_border=int8", "stack=8K", "ram=13K"]
INT8 = ["quantize=net.npz", "quantize_border=int8", "optimize=memory"]


@pytest.mark.parametrize(
    "board, more, size", [("mps2-an386", ["optimize=memory"], 4), ("qemu-rv32", BUDGET, 1.25), ("mps3-an547", INT8, 1)]
)
def test_layers_by_rows(checkout, board, more, size):
    model = net(checkout.folder / "net.onnx")
    output = checkout.scons(f"board={board}", f"model={model}", "poison=1", "verbose=1", *more, "verify")
    assert "4 calls" in output and "agree with the host" in output and "agree with ONNX Runtime" in output
    assert re.search(r"rows: \d+ kernels, arena \d+ without them, \d+ with them", output), output
    (header,) = checkout.folder.glob(f"build/{board}/own_model/iree_net*/include/*.h")
    (arena,) = re.findall(r"_ARENA_SIZE (\d+)", header.read_text())
    # A residual needs two tensors at a time, layer by layer.
    assert int(arena) < MAP * size
