"""Products of int8 activations and int4 weights on boards in QEMU, held against LiteRT, bit for bit, and their flash."""

import re
import sys
from pathlib import Path

import numpy
import pytest
from long_tests import LONG

pytest.importorskip("ai_edge_litert")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats" / "tflite"))

import net_int4  # noqa: E402


@pytest.fixture(scope="module")
def products(checkout):
    """The model's path; its inputs are beside it, products.npz."""
    (checkout.folder / "products.tflite").write_bytes(net_int4.net().bytes())
    numpy.savez(checkout.folder / "products.npz", **net_int4.calls())
    return checkout.folder / "products.tflite"


@pytest.mark.parametrize("board", ["mps2-an386", pytest.param("mps3-an547", marks=LONG), pytest.param("qemu-rv32", marks=LONG)])
def test_products_are_those_of_litert(checkout, products, board):
    output = checkout.scons(f"board={board}", f"model={products}", "inputs=products.npz", "verify")
    assert re.search(rf"5 calls on {board} agree with LiteRT .*, all bitwise equal", output)


@pytest.mark.parametrize("goal", ["speed", "size"])
def test_weights_take_half_a_byte(checkout, products, goal):
    checkout.scons("board=mps2-an386", f"model={products}", f"optimize={goal}", "build/mps2-an386")
    (weights,) = checkout.folder.glob("build/mps2-an386/own_model/*/products_weights.bin")
    tensors = net_int4.net().tensors
    count = sum(numpy.prod(t.shape) for t in tensors if t.type == net_int4.INT4)
    channels = sum(t.shape[0] for t in tensors if t.type == net_int4.INT4)
    # Those of 7 x 3 x 3 factors, of five channels, are filled up to 8 x 3 x 3; 16 bytes a channel say what becomes of sums.
    assert weights.stat().st_size < count / 2 + 5 * 9 / 2 + 16 * channels + 64 * 5
