"""Products of int16 activations and int8 weights on boards in QEMU, held against LiteRT, bit for bit."""

import re
import sys
from pathlib import Path

import numpy
import pytest
from long_tests import LONG

pytest.importorskip("ai_edge_litert")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats" / "tflite"))

import net_16x8  # noqa: E402


@pytest.fixture(scope="module")
def products(checkout):
    """The model's path; its inputs are beside it, products.npz."""
    (checkout.folder / "products.tflite").write_bytes(net_16x8.net().bytes())
    numpy.savez(checkout.folder / "products.npz", **net_16x8.calls())
    return checkout.folder / "products.tflite"


# DSP; MVE; none of them; RISC-V.
BOARDS = ["mps2-an386", "mps3-an547", pytest.param("mps2-an385", marks=LONG), "qemu-rv32"]


@pytest.mark.parametrize("board", BOARDS)
def test_products_are_those_of_litert(checkout, products, board):
    output = checkout.scons(f"board={board}", f"model={products}", "inputs=products.npz", "verify")
    assert re.search(rf"6 calls on {board} agree with LiteRT .*, all bitwise equal", output)
