"""Functions with one product of floats each, as small and as awkward as blocks allow."""

import struct

_BODY = """
    ^bb0(%a: f32, %b: f32, %old: f32):
      %ab = arith.mulf %a, %b : f32
      %next = arith.addf %old, %ab : f32
      linalg.yield %next : f32
"""


def _padded(x, pads):
    """Text that makes %inner, a computed tensor, to %x by padding: (low, high) of each dimension."""
    shape = [int(extent) - sum(pad) for extent, pad in zip(x.split("x"), pads)]
    inner = f"tensor<{'x'.join(map(str, shape))}xf32>"
    loops = ", ".join(f"d{n}" for n in range(len(shape)))
    low, high = (", ".join(str(pad[end]) for pad in pads) for end in (0, 1))
    return (
        inner,
        f"""
  %edge = arith.constant 0.75 : f32
  %place = tensor.empty() : {inner}
  %made = linalg.generic {{indexing_maps = [affine_map<({loops}) -> ({loops})>, affine_map<({loops}) -> ({loops})>],
      iterator_types = [{", ".join(['"parallel"'] * len(shape))}]}} ins(%inner : {inner}) outs(%place : {inner}) {{
    ^bb0(%a: f32, %old: f32):
      %b = arith.mulf %a, %edge : f32
      linalg.yield %b : f32
  }} -> {inner}
  %x = tensor.pad %made low[{low}] high[{high}] {{
    ^bb0({", ".join(f"%i{n}: index" for n in range(len(shape)))}):
      tensor.yield %edge : f32
  }} : {inner} to tensor<{x}xf32>""",
    )


def _product(name, dims, kinds, image, weights, out, shapes, pads=None):
    """shapes: of the input, the weights and the sums, as in "4x9". pads: (low, high) of each dimension of an input that is padded."""
    x, w, y = (f"tensor<{shape}xf32>" for shape in shapes)
    count = 1
    for extent in shapes[1].split("x"):
        count *= int(extent)
    # Weights that differ, and are exact: (n * 37 mod 64 - 31) / 16.
    values = "".join(_hex((n * 37 % 64 - 31) / 16) for n in range(count))
    iterators = ", ".join('"reduction"' if k == "r" else '"parallel"' for k in kinds)
    maps = ", ".join(f"affine_map<({dims}) -> ({m})>" for m in (image, weights, out))
    inner, made = _padded(shapes[0], pads) if pads else ("", "")
    return f"""
func.func @{name}({f"%inner: {inner}" if pads else f"%x: {x}"}) -> {y} {{{made}
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
    "pointwise_far": _product(
        "pointwise_far", "o, y, x, c", "pppr", "c, y, x", "o, c", "o, y, x", ("6x37x41", "11x6", "11x37x41")
    ),
    "channels_last": _product("channels_last", "y, x, o, c", "pppr", "y, x, c", "c, o", "y, x, o", ("5x3x12", "12x16", "5x3x16")),
    "matmul": _product("matmul", "m, n, k", "ppr", "m, k", "k, n", "m, n", ("7x20", "20x9", "7x9")),
    "matvec": _product("matvec", "n, k", "pr", "k", "n, k", "n", ("37", "13x37", "13")),
    "one_output": _product("one_output", "n, k", "pr", "k", "n, k", "n", ("64", "1x64", "1")),
    "small": _product("small", "n, k", "pr", "k", "n, k", "n", ("3", "2x3", "2")),
}


_DEPTHWISE = "c, y, x, i, j"
ROUND = [(0, 0), (1, 1), (1, 1)]
PADDED = {  # by their kernels
    "padded": _product(
        "padded", _CONV, "ppprrr", "c, y + i, x + j", "o, c, i, j", "o, y, x", ("5x9x11", "6x5x3x3", "6x7x9"), ROUND
    ),
    "padded_stride": _product(
        "padded_stride", _CONV, "ppprrr", "c, y * 2 + i, x * 2 + j", "o, c, i, j", "o, y, x", ("3x9x11", "7x3x3x3", "7x4x5"), ROUND
    ),
    "padded_everywhere": _product(
        "padded_everywhere", _CONV, "ppprrr", "c, y + i, x + j", "o, c, i, j", "o, y, x", ("2x7x6", "3x2x5x5", "3x3x2"),
        [(0, 0), (2, 2), (2, 2)],
    ),
    "padded_last": _product(
        "padded_last", "y, x, o, i, j, c", "ppprrr", "y + i, x + j, c", "i, j, c, o", "y, x, o", ("9x8x4", "3x3x4x6", "7x6x6"),
        [(1, 1), (2, 0), (0, 0)],
    ),
    "padded_depthwise": _product(
        "padded_depthwise", _DEPTHWISE, "ppprr", "c, y + i, x + j", "c, i, j", "c, y, x", ("5x9x11", "5x3x3", "5x7x9"), ROUND
    ),
    "padded_depthwise_stride": _product(
        "padded_depthwise_stride", _DEPTHWISE, "ppprr", "c, y * 2 + i, x * 2 + j", "c, i, j", "c, y, x", ("3x9x11", "3x3x3", "3x4x5"),
        [(0, 0), (1, 2), (0, 1)],
    ),
}  # fmt: skip


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
      ins(%p, {added} : tensor<5x12xf32>, tensor<{"5x" if residual else ""}12xf32>) outs(%empty : tensor<5x12xf32>) {{
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
    return "\n".join([*PRODUCTS.values(), *PADDED.values(), biased(), biased("again", 5), biased("residual", 7, residual=True)])
