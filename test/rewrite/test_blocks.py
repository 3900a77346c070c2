"""Products of floats at the flow phase: which become blocks, and that their text keeps to the registers."""

import re

import float_products
import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import dispatches, pipeline, product
from iree_baremetal.rewrite.fpu import blocks, vfp
from test_products import executable, flow, lowered, said

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)


@pytest.mark.parametrize("board, instruction", [("mps2-an386", "vmul.f32"), ("mps2-an500", "vfma.f32")])
def test_products_become_blocks(tmp_path, board, instruction):
    program, notes = pipeline.rewrite(flow(tmp_path, float_products.module(), board), ["blocks"])
    others = {"one_output": "no: it has no sums or no channels"}
    if board == "mps2-an500":
        others |= dict.fromkeys(["matvec", "small"], "no: each weight is used once, and the core loads while it multiplies")
    for name in float_products.PRODUCTS:
        assert said(notes, name)["blocks"] == others.get(name, "product of floats")
        assert (instruction in executable(program, name)) == (name not in others)


def test_padding_is_within_the_kernels(tmp_path):
    found = lowered(tmp_path, "\n".join(float_products.PADDED.values()), ["blocks"])
    for name in float_products.PADDED:
        assert said(found.notes, name)["blocks"] == f"{'depthwise ' if 'depthwise' in name else ''}product of floats"
    with modules.parsed(found.stream, "stream") as module:
        assert not modules.operations(module, "stream.cmd.fill")
        assert "tensor.pad" not in str(module)


@pytest.mark.parametrize("board", ["mps2-an385", "mps2-an386-nofpu", "mps3-an547", "qemu-rv32"])
def test_other_cores_keep_their_products(tmp_path, board):
    program = flow(tmp_path, float_products.PRODUCTS["matmul"], board)
    after, notes = pipeline.rewrite(program, ["blocks"])
    assert after == program and said(notes, "matmul")["blocks"] == "no: the core has no FPU, or MVE"


@pytest.mark.parametrize("fused, unroll", [(False, 1), (False, 2), (True, 1), (True, 2)])
@pytest.mark.parametrize(
    "pixels, channels, taps, stride", [(4, 4, 1, 1), (5, 4, 1, 1), (4, 3, 3, 1), (4, 3, 3, 2), (1, 8, 4, 1), (2, 4, 4, 0)]
)
def test_a_block_multiplies_every_pair_once(pixels, channels, taps, stride, fused, unroll):
    block = vfp.Block(pixels, channels, taps, stride, ((6, 1000),), fused, unroll)
    assert block.fits
    text, constraints = block.text()
    assert len(re.findall(r"v(?:mul|fma)\.f32", text)) == pixels * channels * taps * block.unroll
    assert all(int(number) < vfp.REGISTERS for number in re.findall(r"\bs(\d+)\b", text))
    assert constraints.count("={s") == block.sums


def test_products_that_take_more_of_the_time_get_more_code(tmp_path):
    program = flow(tmp_path, float_products.PRODUCTS["matmul"])
    sizes = []
    for average in (10, 10**6):  # of what other products would take
        with modules.parsed(program, "flow") as module:
            (dispatch,) = dispatches.find(module)
            found = product.find(dispatch, element="f32")
            assert blocks.work(found) == blocks.average([dispatch]) == 7 * 9 * 20
            blocks.rewrite(found, fused=False, share=blocks.work(found) / average)
            sizes.append(str(module).count("vmul.f32"))
    assert sizes[0] > 4 * sizes[1] > 0


def test_what_is_added_to_a_sum_is_added_last(tmp_path):
    """As models have it, and other engines: added first, a large bias would cost each term some of its last bits."""
    program, _ = pipeline.rewrite(flow(tmp_path, float_products.biased()), ["blocks"])
    text = executable(program, "biased")
    assert text.index("llvm.inline_asm") < text.index("arith.addf") and "linalg.generic" not in text
    assert "arith.maximumf" in text or "arith.select" in text, "the ReLU stays"
