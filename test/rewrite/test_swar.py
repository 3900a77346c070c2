"""Two pixels in a word at the flow phase: what is taken, and which runs of products are safe."""

import int8_products
import numpy
import pytest
from iree_baremetal import compiler
from iree_baremetal.rewrite import pipeline
from iree_baremetal.rewrite.rv32 import swar
from test_products import executable, flow, names, said

pinned = pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="other operations at this phase")


@pytest.mark.parametrize(
    "weights, safe",
    [([127, 127], True), ([-128, 127], True), ([-128, -128], False), ([86, 86, 85], False), ([85, 85, -85], True)],
)
def test_runs_that_fit_into_sixteen_bits(weights, safe):
    assert swar._is_safe(swar._runs(numpy.array([weights], numpy.int8), len(weights))) == safe


def test_the_last_run_is_filled_up_with_zeros():
    runs = swar._runs(numpy.arange(1, 11, dtype=numpy.int8).reshape(2, 5), 3)
    assert runs.tolist() == [[[1, 2, 3], [4, 5, 0]], [[6, 7, 8], [9, 10, 0]]]


@pinned
def test_rv32_takes_two_pixels_at_once(tmp_path):
    text, _ = int8_products.PRODUCTS["conv_odd"]
    program, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), "qemu-rv32"), names())
    assert said(notes, "conv_odd")["swar"] == "int8 product"
    text = executable(program, "conv_odd")
    assert "llvm.inline_asm" in text and "linalg.generic" not in text


@pinned
@pytest.mark.parametrize("board", ["qemu-rv64", "qemu-rv32-vector", "mps2-an385"])
def test_other_cores_keep_theirs(tmp_path, board):
    text, _ = int8_products.PRODUCTS["conv_odd"]
    _, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), board), names())
    assert said(notes, "conv_odd")["swar"] == "no: the core is no RV32IM, or has vectors"


@pinned
def test_a_vector_product_has_no_second_pixel(tmp_path):
    text, _ = int8_products.PRODUCTS["matvec_odd"]
    _, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), "qemu-rv32"), names())
    assert said(notes, "matvec_odd")["swar"] == "no: it has one pixel only" and not said(notes, "matvec_odd")[
        "scalar"
    ].startswith("no")
