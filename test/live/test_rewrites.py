"""Rewritten products on emulated boards: their answers are IREE's on the host, bit by bit."""

import json

import float_products
import int8_elementwise
import int8_products
import numpy
import pytest
from iree_baremetal import board as boards
from iree_baremetal import compiler
from iree_baremetal.compiler import tuned, tuning
from iree_baremetal.rewrite.forms import Forms
from long_tests import LONG
from test_by_rows import net

pytestmark = pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="nothing matches elsewhere")


@pytest.fixture(scope="module")
def products(checkout):
    rewritten = [text for kind in (int8_products.PRODUCTS, int8_products.PADDED) for text, _ in kind.values()]
    text = int8_products.module(rewritten + list(int8_products.OTHERS.values()))
    return checkout.write("products.mlir", text)


# DSP, unrolled or compact; neither DSP nor MVE; both; another architecture.
KINDS = [
    ("mps2-an386", "speed"),
    pytest.param("mps2-an386", "size", marks=LONG),
    pytest.param("mps2-an385", "speed", marks=LONG),
    ("mps3-an547", "speed"),
    ("qemu-rv32", "speed"),
]
KINDS += [("mps2-an500", "size")]  # where LLVM's software pipelining gave wrong answers


@pytest.mark.parametrize("board, goal", KINDS)
def test_products(checkout, products, board, goal):
    output = checkout.scons(f"board={board}", f"model={products}", f"optimize={goal}", "verify")
    assert "all bitwise equal" in output


@LONG
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("name", ["mps2-an386", "mps3-an547", "qemu-rv32"])
def test_products_in_other_forms(checkout, products, name, number):
    """Each kernel in another form than its own, by a file beside the model."""
    checkout.once(f"board={name}", f"model={products}", "verify")
    found = checkout.folder / f"build/{name}/own_model/iree_products/products.forms.json"
    asked = Forms(others=json.loads(found.read_text())["others"]).numbered(number)
    own, board = tuning.chosen(boards.load(name), "speed"), boards.load(name)
    kernels = {kernel: {"form": text} for kernel, text in asked.items()}
    entry = {"flags": own.flags, "rewrites": own.rewrites, "kernels": kernels}
    tuned.keep(tuned.beside(products), products, compiler.PINNED, board, entry)
    try:
        output = checkout.scons(f"board={name}", f"model={products}", "verify")
    finally:
        tuned.beside(products).unlink()
    assert len(asked) > 40 and "tune anew" not in output
    assert "all bitwise equal" in output


# VMUL and VADD; VFMA; an architecture of its own.
@pytest.mark.parametrize("board", ["mps2-an386", "mps2-an500", pytest.param("mps2-an505", marks=LONG)])
def test_products_of_floats(checkout, board):
    model = checkout.write("floats.mlir", float_products.module())
    output = checkout.scons(f"board={board}", f"model={model}", "verify")
    assert f"{4 * (len(float_products.PRODUCTS) + len(float_products.PADDED) + 3)} calls on {board} agree with the host" in output


@pytest.mark.parametrize("board", ["mps2-an386", "qemu-rv32"])
def test_rounding_and_clamping_of_hard_numbers(checkout, board):
    model = checkout.write("quantize.mlir", int8_elementwise.QUANTIZE)
    numpy.savez(checkout.folder / "hard.npz", input0=numpy.array([int8_elementwise.HARD_NUMBERS], "f4"))
    output = checkout.scons(f"board={board}", f"model={model}", "inputs=hard.npz", "run", "verify")
    assert "1 calls" in output and "all bitwise equal" in output


def test_verbose_tells_what_matched(checkout, products):
    output = checkout.scons("board=mps2-an386", f"model={products}", "rewrites=smlad", "verbose=1", "build/mps2-an386")
    assert "conv_odd_dispatch_0_conv_5x7x7x3x3x3_i8xi8xi32: smlad: int8 product" in output
    assert "smlad: no: each channel has an input of its own" in output


def test_an_unknown_rewrite_is_refused(checkout, products):
    output = checkout.scons("board=mps2-an386", f"model={products}", "rewrites=fast", code=2)
    assert "rewrites=fast: there is no 'fast'" in output


@pytest.mark.parametrize("board", ["mps2-an386", "mps3-an547"])
def test_channels_last_between_convolutions(checkout, board):
    """Of a residual, a max pool and a depthwise product; the answers are those of the host, which has channels first."""
    model = net(checkout.folder / "net.onnx")
    output = checkout.scons(f"board={board}", f"model={model}", "quantize=net.npz", "quantize_border=int8", "verbose=1", "verify")
    assert "nhwc: " in output and "tensors with channels last" in output
    assert "all bitwise equal" in output
