"""Products of floats at the flow phase: which become blocks, and that their text keeps to the registers."""

import re

import float_products
import pytest
from iree_baremetal import compiler
from iree_baremetal.rewrite import pipeline, vfp
from test_products import executable, flow, said

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)


@pytest.mark.parametrize("board, instruction", [("mps2-an386", "vmul.f32"), ("mps2-an500", "vfma.f32")])
def test_products_become_blocks(tmp_path, board, instruction):
    program, notes = pipeline.rewrite(flow(tmp_path, float_products.module(), board), ["blocks"])
    for name in float_products.PRODUCTS:
        expected = "no: it has no sums or no channels" if name == "one_output" else "product of floats"
        assert said(notes, name)["blocks"] == expected
        assert (instruction in executable(program, name)) == (name != "one_output")


@pytest.mark.parametrize("board", ["mps2-an385", "mps2-an386-nofpu", "mps3-an547", "qemu-rv32"])
def test_other_cores_keep_their_products(tmp_path, board):
    program = flow(tmp_path, float_products.PRODUCTS["matmul"], board)
    after, notes = pipeline.rewrite(program, ["blocks"])
    assert after == program and said(notes, "matmul")["blocks"] == "no: the core has no FPU, or MVE"


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("pixels, channels, taps, stride", [(4, 4, 1, 1), (5, 4, 1, 1), (4, 4, 3, 1), (4, 3, 3, 2), (1, 8, 4, 1), (2, 4, 4, 0)])
def test_a_block_multiplies_every_pair_once(pixels, channels, taps, stride, fused):
    block = vfp.Block(pixels, channels, taps, stride, ((6, 1000),), fused)
    assert block.fits
    text, constraints = block.text()
    assert len(re.findall(r"v(?:mul|fma)\.f32", text)) == pixels * channels * taps * block.unroll
    assert all(int(number) < vfp.REGISTERS for number in re.findall(r"\bs(\d+)\b", text))
    assert constraints.count("={s") == block.sums
