"""Outputs over inputs on emulated boards: smaller arenas, the same answers, with dead memory poisoned."""

import re

import numpy
import onnx
import pytest
from iree_baremetal import compiler
from onnx import TensorProto, helper

pytest.importorskip("unicorn")
pytestmark = pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="kernels look different elsewhere")

CHANNELS, SIDE = 8, 10


def convolution(generator, weights, name, source, kernel, group=1):
    shape = (CHANNELS, CHANNELS // group, kernel, kernel)
    weights.append(onnx.numpy_helper.from_array(generator.uniform(-1, 1, shape).astype("f4"), f"{name}_w"))
    return helper.make_node("Conv", [source, f"{name}_w"], [name], group=group, pads=[kernel // 2] * 4)


def save(path, result, nodes, weights):
    shape = [1, CHANNELS, SIDE, SIDE]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", result))
    graph = helper.make_graph(nodes, "net", [x], [y], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def separable(path):
    """Depthwise and 1x1 convolutions in turn: between them lie padded tensors."""
    generator, weights = numpy.random.default_rng(1), []
    nodes = [convolution(generator, weights, "p0", "x", 1)]
    for n in (1, 2):
        nodes.append(convolution(generator, weights, f"d{n}", f"p{n - 1}", 3, group=CHANNELS))
        nodes.append(convolution(generator, weights, f"p{n}", f"d{n}", 1))
    return save(path, "y", [*nodes, helper.make_node("Relu", ["p2"], ["y"])], weights)


def residual(path):
    """The result of the first convolution is padded for the second, and added to that of the third."""
    generator, weights = numpy.random.default_rng(2), []
    nodes = [convolution(generator, weights, "a", "x", 3), helper.make_node("Relu", ["a"], ["b"])]
    nodes += [convolution(generator, weights, "c", "b", 3), convolution(generator, weights, "d", "c", 3)]
    nodes += [helper.make_node("Add", ["b", "d"], ["e"]), convolution(generator, weights, "f", "e", 1)]
    return save(path, "y", [*nodes, helper.make_node("Relu", ["f"], ["y"])], weights)


def arena(checkout, board, name):
    (size,) = re.findall(
        r"_ARENA_SIZE (\d+)", (checkout.folder / f"build/{board}/own_model/iree_{name}/include/{name}.h").read_text()
    )
    return int(size)


SEPARABLE, RESIDUAL = (separable, "padding by copies"), (residual, "hoisted padding")
NONE, ALL = "rewrites=interchange", "rewrites=all"  # NONE: without those that pad within their kernels


@pytest.mark.parametrize(
    "board, make, way, rewrites",
    [("mps2-an386", *SEPARABLE, NONE), ("mps2-an386", *RESIDUAL, NONE), ("qemu-rv32", *SEPARABLE, ALL)],
)
def test_arenas_fall_and_answers_stay(checkout, board, make, way, rewrites):
    name = make.__name__
    model = make(checkout.folder / f"{name}.onnx")
    checkout.scons(f"board={board}", f"model={model}", "overlap=0", rewrites)
    apart = arena(checkout, board, name)
    output = checkout.scons(f"board={board}", f"model={model}", rewrites, "optimize=memory", "poison=1", "verbose=1", "verify")
    assert "4 calls" in output and "agree with the host" in output
    over = arena(checkout, board, name)
    # Each tensor has 3,200 bytes, a padded one 4,608.
    assert over < 0.85 * apart
    assert re.search(rf"{way}: \d+ barriers, arena \d+ without them, {over} with them: kept", output), output


# Of residual the model's input, padded in memory, beside the first tensor; then two tensors.
@pytest.mark.parametrize("make, most", [(separable, 3200), (residual, 4608 + 3200)])
def test_rewritten_kernels_need_what_is_alive_at_one_time(checkout, make, most):
    name = make.__name__
    model = make(checkout.folder / f"{name}.onnx")
    output = checkout.scons("board=mps2-an386", f"model={model}", "poison=1", "verify")
    assert "4 calls" in output and "agree with the host" in output
    assert arena(checkout, "mps2-an386", name) <= most
