"""Functions with one product of floats each, as small and as awkward as blocks allow."""

import struct

_BODY = """
    ^bb0(%a: f32, %b: f32, %old: f32):
      %ab = arith.mulf %a, %b : f32
      %next = arith.addf %old, %ab : f32
      linalg.yield %next : f32
"""


def _product(name, dims, kinds, image, weights, out, shapes):
    """shapes: of the input, the weights and the sums, as in "4x9"."""
    x, w, y = (f"tensor<{shape}xf32>" for shape in shapes)
    count = 1
    for extent in shapes[1].split("x"):
        count *= int(extent)
    # Weights that differ, and are exact: (n * 37 mod 64 - 31) / 16.
    values = "".join(_hex((n * 37 % 64 - 31) / 16) for n in range(count))
    iterators = ", ".join('"reduction"' if k == "r" else '"parallel"' for k in kinds)
    maps = ", ".join(f"affine_map<({dims}) -> ({m})>" for m in (image, weights, out))
    return f"""
func.func @{name}(%x: {x}) -> {y} {{
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{values}"> : {w}
  %empty = tensor.empty() : {y}
  %init = linalg.fill ins(%zero : f32) outs(%empty : {y}) -> {y}
  %y = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{iterators}]}}
      ins(%x, %w : {x}, {w}) outs(%init : {y}) {{{_BODY}}} -> {y}
  return %y : {y}
}}
"""


def _hex(value):
    return struct.pack("<f", value).hex().upper()


_CONV = "o, y, x, c, i, j"
PRODUCTS = {
    "conv_3x3": _product("conv_3x3", _CONV, "ppprrr", "c, y + i, x + j", "o, c, i, j", "o, y, x", ("5x9x8", "6x5x3x3", "6x7x6")),
    "conv_stride": _product(
        "conv_stride", _CONV, "ppprrr", "c, y * 2 + i, x * 2 + j", "o, c, i, j", "o, y, x", ("3x9x11", "7x3x3x3", "7x4x5")
    ),
    "conv_dilated": _product(
        "conv_dilated", _CONV, "ppprrr", "c, y + i * 2, x + j * 2", "o, c, i, j", "o, y, x", ("3x9x11", "4x3x3x2", "4x5x9")
    ),
    "pointwise": _product("pointwise", "o, y, x, c", "pppr", "c, y, x", "o, c", "o, y, x", ("16x5x7", "12x16", "12x5x7")),
    "pointwise_far": _product("pointwise_far", "o, y, x, c", "pppr", "c, y, x", "o, c", "o, y, x", ("6x37x41", "11x6", "11x37x41")),
    "channels_last": _product("channels_last", "y, x, o, c", "pppr", "y, x, c", "c, o", "y, x, o", ("5x3x12", "12x16", "5x3x16")),
    "matmul": _product("matmul", "m, n, k", "ppr", "m, k", "k, n", "m, n", ("7x20", "20x9", "7x9")),
    "matvec": _product("matvec", "n, k", "pr", "k", "n, k", "n", ("37", "13x37", "13")),
    "one_output": _product("one_output", "n, k", "pr", "k", "n, k", "n", ("64", "1x64", "1")),
    "small": _product("small", "n, k", "pr", "k", "n, k", "n", ("3", "2x3", "2")),
}


def biased(name="biased", seed=0, residual=False):
    """A matrix product with a bias for each channel (residual: a number for each sum), and a ReLU; seed: of weights and bias."""
    w, b = ("".join(_hex(((n + seed) * 37 % 64 - 31) / 16) for n in range(count)) for count in (16 * 12, 12))
    added = "%r" if residual else "%b"
    of = "m, n" if residual else "n"
    return f"""
func.func @{name}(%x: tensor<5x16xf32>, %r: tensor<5x12xf32>) -> tensor<5x12xf32> {{
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{w}"> : tensor<16x12xf32>
  %b = arith.constant dense<"0x{b}"> : tensor<12xf32>
  %empty = tensor.empty() : tensor<5x12xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<5x12xf32>) -> tensor<5x12xf32>
  %p = linalg.matmul ins(%x, %w : tensor<5x16xf32>, tensor<16x12xf32>) outs(%init : tensor<5x12xf32>) -> tensor<5x12xf32>
  %y = linalg.generic {{indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> ({of})>, affine_map<(m, n) -> (m, n)>],
      iterator_types = ["parallel", "parallel"]}}
      ins(%p, {added} : tensor<5x12xf32>, tensor<{'5x' if residual else ''}12xf32>) outs(%empty : tensor<5x12xf32>) {{
    ^bb0(%sum: f32, %more: f32, %old: f32):
      %both = arith.addf %sum, %more : f32
      %above = arith.maximumf %both, %zero : f32
      linalg.yield %above : f32
  }} -> tensor<5x12xf32>
  return %y : tensor<5x12xf32>
}}
"""


def module():
    """All of them, and two with the same kernel but for its constants."""
    return "\n".join([*PRODUCTS.values(), biased(), biased("again", 5), biased("residual", 7, residual=True)])
