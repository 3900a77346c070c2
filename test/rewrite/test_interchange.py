"""Depthwise products of floats: which ones get their channels outermost, and what stays as it is."""

import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import pipeline
from test_products import flow, said

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)

_BODY = """
    ^bb0(%a: f32, %b: f32, %old: f32):
      %ab = arith.mulf %a, %b : f32
      %next = arith.addf %old, %ab : f32
      linalg.yield %next : f32
"""


def convolution(name, image, taps, weights, group="c"):
    """A 3x3 convolution of 6 channels as import leaves it: loops over pixels first, then over channels."""
    dims = "y, x, c, i, j" if group == "c" else "c, y, x, k, i, j"
    kinds = ", ".join(['"parallel"'] * 3 + ['"reduction"'] * (len(dims.split(",")) - 3))
    return f"""
func.func @{name}(%x: tensor<6x9x9xf32>) -> tensor<6x7x7xf32> {{
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<0.5> : tensor<{weights}xf32>
  %empty = tensor.empty() : tensor<6x7x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<6x7x7xf32>) -> tensor<6x7x7xf32>
  %y = linalg.generic {{indexing_maps = [affine_map<({dims}) -> ({image})>, affine_map<({dims}) -> ({taps})>,
      affine_map<({dims}) -> (c, y, x)>], iterator_types = [{kinds}]}}
      ins(%x, %w : tensor<6x9x9xf32>, tensor<{weights}xf32>) outs(%init : tensor<6x7x7xf32>) {{{_BODY}}} -> tensor<6x7x7xf32>
  return %y : tensor<6x7x7xf32>
}}
"""


DEPTHWISE = convolution("depthwise", "c, y + i, x + j", "c, i, j", "6x3x3")
FULL = convolution("full", "k, y + i, x + j", "c, k, i, j", "6x6x3x3", group="k")
INT8 = DEPTHWISE.replace("arith.mulf", "arith.muli").replace("arith.addf", "arith.addi").replace("0.0", "0").replace("0.5", "1")
INT8 = INT8.replace("f32", "i32").replace("depthwise", "integers")


def test_channels_come_first(tmp_path):
    after, notes = pipeline.rewrite(flow(tmp_path, DEPTHWISE), ["interchange"])
    assert list(said(notes, "depthwise").values()) == ["depthwise product of floats"]
    with modules.parsed(after, "flow") as module:
        (op,) = [op for op in modules.operations(module.operation, "linalg.generic") if len(op.attributes["iterator_types"]) == 5]
        one, other, out = (str(a) for a in op.attributes["indexing_maps"])
    assert one == "affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 + d3, d2 + d4)>"
    assert other == "affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d4)>"
    assert out == "affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>"
    again, notes = pipeline.rewrite(after, ["interchange"])
    assert again == after and list(said(notes, "depthwise").values()) == ["no: its channels are outermost"]


@pytest.mark.parametrize(
    "text, on, why",
    [
        (FULL, "mps2-an386", "all channels share their input"),
        (INT8, "mps2-an386", "no product of floats"),
        (DEPTHWISE, "qemu-rv32-vector", "the core has vectors"),
    ],
    ids=["full", "int8", "vectors"],
)
def test_what_does_not_match_stays(tmp_path, text, on, why):
    program = flow(tmp_path, text, on)
    after, notes = pipeline.rewrite(program, ["interchange"])
    assert after == program and notes
    assert all(line.endswith(f"interchange: no: {why}") for line in notes)
