"""push_rows=1: the input is given row by row, is in RAM nowhere whole, and the answers stay, with dead memory poisoned."""

import json
import re

import numpy
import onnx
import pytest
from iree_baremetal import compiler
from onnx import TensorProto, helper, numpy_helper

pytest.importorskip("unicorn")
pytestmark = pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="kernels look different elsewhere")

SIDE, COLOURS, CHANNELS = 30, 3, 4
FRAME = COLOURS * SIDE * SIDE


def net(path):
    """Of channels first: a padded convolution with a stride, another, and the mean of each channel."""
    generator = numpy.random.default_rng(5)
    shapes = {"v": (CHANNELS, COLOURS, 3, 3), "w": (CHANNELS, CHANNELS, 3, 3), "b": (CHANNELS,)}
    weights = [numpy_helper.from_array(generator.uniform(-0.4, 0.4, s).astype("f4"), n) for n, s in shapes.items()]
    nodes = [
        helper.make_node("Conv", ["x", "v", "b"], ["c"], strides=[2, 2], pads=[1] * 4),
        helper.make_node("Relu", ["c"], ["d"]),
    ]
    nodes += [helper.make_node("Conv", ["d", "w", "b"], ["e"], pads=[1] * 4), helper.make_node("Relu", ["e"], ["f"])]
    nodes += [helper.make_node("GlobalAveragePool", ["f"], ["g"]), helper.make_node("Flatten", ["g"], ["y"])]
    return save(path, nodes, weights, CHANNELS)


def save(path, nodes, weights, outputs):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, COLOURS, SIDE, SIDE])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, outputs])
    graph = helper.make_graph(nodes, "net", [x], [y], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    numpy.savez(path.with_suffix(".npz"), x=numpy.random.default_rng(6).uniform(-1, 1, (4, COLOURS, SIDE, SIDE)).astype("f4"))
    return path


# As few layers as can be by rows; and, in int8, as many as need least memory.
INT8 = ["quantize=net.npz", "quantize_border=int8", "optimize=memory"]


@pytest.mark.parametrize("board, more, size", [("mps2-an386", [], 4), ("qemu-rv32", INT8, 1)])
def test_rows_are_pushed(checkout, board, more, size):
    model = net(checkout.folder / "net.onnx")
    output = checkout.scons(f"board={board}", f"model={model}", "push_rows=1", "poison=1", *more, "verify")
    assert "4 calls" in output and "agree with the host" in output and "agree with ONNX Runtime" in output
    (header,) = checkout.folder.glob(f"build/{board}/own_model/iree_net*/include/*.h")
    assert f"_ROWS {SIDE} " in header.read_text() and "_push_rows(const " in header.read_text()
    (arena,) = re.findall(r"_ARENA_SIZE (\d+)", header.read_text())
    assert int(arena) < FRAME * size
    if more:
        return
    checkout.scons(f"board={board}", f"model={model}", "push_rows=1", "bench")
    (path,) = checkout.folder.glob(f"build/{board}/own_model/iree_net*/*_harness/*_bench.json")
    bench = json.loads(path.read_text())
    taken = bench["memory"]["regions"]["RAM"]["categories"]
    # Of the input there are three rows, of thirty; the harness has what it pushes at once, and the results.
    assert taken["application"] < (3 * COLOURS * SIDE + CHANNELS) * size + 256
    assert int(arena) == taken["arena"]
    assert bench["records"][0]["cycles"] > sum(row["cycles"] for row in bench["records"][0]["kernels"]) > 0


def test_a_first_layer_that_needs_the_whole_is_named(checkout):
    weights = [numpy_helper.from_array(numpy.ones((FRAME, 2), "f4"), "w")]
    nodes = [helper.make_node("Flatten", ["x"], ["f"]), helper.make_node("MatMul", ["f", "w"], ["y"], name="all_at_once")]
    model = save(checkout.folder / "product.onnx", nodes, weights, 2)
    output = checkout.scons("board=mps2-an386", f"model={model}", "push_rows=1", code=2)
    assert "push_rows=1: the input cannot be given row by row: node 'all_at_once' (MatMul)" in output
    output = checkout.scons("board=mps2-an386", f"model={model}", "push_rows=1", "deploy=static", code=2)
    assert "deploy=static takes inputs whole" in output
