"""Functions with one int8 product each, as small and as awkward as a pattern allows."""

from int8_elementwise import ADDITIONS, MEANS, addition, mean
from int8_functions import (
    FEW_TIES,
    NO_TIES,
    conv,
    conv_channels_last,
    depthwise,
    depthwise_channels_last,
    matmul,
    matvec,
    variable,
)

# name -> (function, the rewrite that takes it)
PRODUCTS = {
    "conv_odd": (conv("conv_odd", 3, 9, 5, 3), "smlad"),  # 27 factors, 49 pixels, 5 channels
    "conv_strided": (conv("conv_strided", 4, 9, 3, 3, 2, relu=False, zero=7), "smlad"),
    "conv_deep": (conv("conv_deep", 64, 6, 6, 3), "smlad"),  # more factors than tiles of 4 pixels allow
    "conv_wide": (conv("conv_wide", 3, 8, 4, 1), "smlad"),
    "conv_last": (conv_channels_last("conv_last", 4, 6, 5, 3), "smlad"),
    "matmul_sums": (matmul("matmul_sums", 6, 32, 7, None), "smlad"),  # i32: nothing to quantize
    "matmul_odd": (matmul("matmul_odd", 3, 33, 7), "smlad"),
    "matvec_odd": (matvec("matvec_odd", 70, 10), "smlad"),
    "matvec_few": (matvec("matvec_few", 64, 3, relu=False, zero=0), "smlad"),
    "conv_whole": (conv("conv_whole", 5, 3, 6, 3), "smlad"),  # one pixel, of 45 factors in a row
    "conv_last_whole": (conv_channels_last("conv_last_whole", 4, 3, 7, 3, relu=False, zero=7), "smlad"),
    "matvec_huge": (matvec("matvec_huge", 64, 9, relu=False, zero=5, scale="3.0e+06"), "smlad"),  # far beyond the limits
    "depthwise_3": (depthwise("depthwise_3", 5, 7, 3), "depthwise"),
    "depthwise_5_strided": (depthwise("depthwise_5_strided", 3, 11, 5, 2, relu=False, zero=-3), "depthwise"),
    "depthwise_row": (depthwise("depthwise_row", 4, 4, 3, relu=False, zero=1), "depthwise"),
    "depthwise_last": (depthwise_channels_last("depthwise_last", 5, 8, 3), "depthwise"),
    "depthwise_last_strided": (depthwise_channels_last("depthwise_last_strided", 3, 12, 5, 2, relu=False, zero=-3), "depthwise"),
    # Requantized by integers.
    "conv_lines": (conv("conv_lines", 3, 9, 5, 3, scale=NO_TIES), "smlad"),
    "conv_last_lines": (conv_channels_last("conv_last_lines", 4, 6, 5, 3, scale=NO_TIES, relu=False, zero=3), "smlad"),
    "matmul_lines": (matmul("matmul_lines", 3, 33, 7, scale=NO_TIES), "smlad"),
    "depthwise_lines": (depthwise("depthwise_lines", 5, 7, 3, scale=NO_TIES), "depthwise"),
    "depthwise_wide_lines": (depthwise("depthwise_wide_lines", 3, 34, 3, scale=NO_TIES, relu=False, zero=2), "depthwise"),
    "depthwise_last_lines": (depthwise_channels_last("depthwise_last_lines", 6, 7, 3, scale=NO_TIES), "depthwise"),
    # The same with a bend where what is negative is rounded otherwise.
    "conv_bent_lines": (conv("conv_bent_lines", 3, 9, 5, 3, twice=True, zero=4), "smlad"),
    "matmul_bent_lines": (matmul("matmul_bent_lines", 3, 33, 7, twice=True, zero=-17), "smlad"),
    "depthwise_bent_lines": (depthwise("depthwise_bent_lines", 5, 7, 3, twice=True, zero=0), "depthwise"),
    "matvec_lines": (matvec("matvec_lines", 70, 10, scale=NO_TIES), "smlad"),
    # With exceptions for some channels; then only channels of small sums have a line.
    "conv_excepted": (conv("conv_excepted", 3, 9, 5, 3, loud=2, scale=FEW_TIES), "smlad"),
    "matmul_excepted": (matmul("matmul_excepted", 6, 33, 7, loud=3, relu=False, zero=-5, scale=FEW_TIES), "smlad"),
    "matvec_excepted": (matvec("matvec_excepted", 70, 10, scale=FEW_TIES), "smlad"),
    "depthwise_excepted": (depthwise("depthwise_excepted", 5, 7, 3, loud=1, scale=FEW_TIES), "depthwise"),
    "conv_mixed": (conv("conv_mixed", 3, 9, 5, 3, loud=2), "smlad"),
    "matmul_mixed": (matmul("matmul_mixed", 6, 33, 7, loud=3, relu=False, zero=-5), "smlad"),
    "depthwise_mixed": (depthwise("depthwise_mixed", 5, 7, 3, loud=1), "depthwise"),
    # With MVE laid out in strips: channels by vectors, in two parts, of long rows in several strips, and of small ones.
    "conv_vectors": (conv_channels_last("conv_vectors", 32, 6, 5, 3, scale=NO_TIES), "smlad"),
    "conv_parts": (conv("conv_parts", 24, 7, 6, 3, scale=NO_TIES, relu=False, zero=3), "smlad"),
    "conv_large": (conv("conv_large", 2, 16, 3, 7, 2), "smlad"),
    "conv_skipped": (conv("conv_skipped", 18, 9, 4, 1, 2, scale=NO_TIES), "smlad"),
    "matmul_tall": (matmul("matmul_tall", 130, 48, 4, scale=NO_TIES, relu=False, zero=-5), "smlad"),
    # With MVE four channels at once, also with exceptions and bends; a loop over the rows of a window.
    "depthwise_last_four": (
        depthwise_channels_last("depthwise_last_four", 8, 7, 3, scale=NO_TIES, relu=False, zero=2),
        "depthwise",
    ),
    "depthwise_last_excepted": (
        depthwise_channels_last("depthwise_last_excepted", 8, 7, 3, 2, loud=1, scale=FEW_TIES),
        "depthwise",
    ),
    "depthwise_last_bent": (depthwise_channels_last("depthwise_last_bent", 4, 7, 3, twice=True, zero=-17), "depthwise"),
    "depthwise_last_large": (depthwise_channels_last("depthwise_last_large", 4, 10, 6, 2, scale=NO_TIES), "depthwise"),
    "variable_sums": (variable("variable_sums", 4, 16, 5), "attention"),
    # an odd number of pairs
    "variable_pairs": (variable("variable_pairs", 5, 6, 7, quantized=True, transposed=True), "attention"),
    "variable_row": (variable("variable_row", 1, 8, 3, quantized=True), "attention"),
    "depthwise_point": (depthwise("depthwise_point", 4, 3, 3), "round"),  # one pixel a channel: its products stay
}
ROUND, LAST = [(0, 0), (1, 1), (1, 1)], [(1, 1), (1, 1), (0, 0)]
# Padded by their kernels: name -> (text, the rewrite that takes it).
PADDED = {
    "padded_odd": (conv("padded_odd", 3, 9, 5, 3, pads=ROUND, scale=NO_TIES), "smlad"),
    "padded_strided": (conv("padded_strided", 4, 9, 3, 3, 2, pads=[(0, 0), (0, 2), (2, 0)]), "smlad"),
    "padded_last": (conv_channels_last("padded_last", 4, 8, 5, 3, pads=LAST), "smlad"),
    "padded_single": (conv("padded_single", 1, 11, 4, 4, pads=[(0, 0), (1, 2), (2, 1)]), "smlad"),  # pairs across the edge
    "padded_everywhere": (conv("padded_everywhere", 2, 6, 3, 5, pads=[(0, 0), (2, 2), (2, 2)]), "smlad"),  # no window lies inside
    "padded_deep": (conv("padded_deep", 20, 8, 5, 3, pads=ROUND, scale=NO_TIES), "smlad"),
    "padded_last_deep": (conv_channels_last("padded_last_deep", 16, 8, 6, 3, pads=LAST, scale=NO_TIES), "smlad"),
    "padded_channels": (conv("padded_channels", 5, 6, 3, 3, pads=[(1, 0), (1, 1), (1, 1)]), "smlad"),
    "padded_depthwise": (depthwise("padded_depthwise", 5, 7, 3, pads=ROUND, scale=NO_TIES), "depthwise"),
    "padded_depthwise_strided": (depthwise("padded_depthwise_strided", 3, 11, 5, 2, pads=[(0, 0), (2, 1), (1, 2)]), "depthwise"),
    "padded_depthwise_last_four": (
        depthwise_channels_last("padded_depthwise_last_four", 4, 9, 3, pads=LAST, scale=NO_TIES),
        "depthwise",
    ),
    "padded_depthwise_last": (depthwise_channels_last("padded_depthwise_last", 6, 9, 3, pads=LAST), "depthwise"),
}
# The rewrites of products leave these alone.
OTHERS = {
    **{name: addition(name, **numbers) for name, numbers in ADDITIONS.items()},
    **{name: mean(name, **numbers) for name, numbers in MEANS.items() if name != "mean_of_ties"},
    "unsigned": conv("unsigned", 3, 5, 4, 3, extend="extui"),
    "variable_odd": variable("variable_odd", 4, 15, 5),
    "floats": """
  func.func @floats(%x: tensor<24xf32>) -> tensor<24xf32> {
    %y = arith.mulf %x, %x : tensor<24xf32>
    return %y : tensor<24xf32>
  }
""",
}


def module(functions):
    return "module {" + "".join(functions) + "}\n"
