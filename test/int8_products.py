"""Functions with one int8 product each, as small and as awkward as a pattern allows."""

import numpy

_BODY = """
    ^bb0(%a: i8, %b: i8, %old: i32):
      %a32 = arith.{extend} %a : i8 to i32
      %b32 = arith.{extend} %b : i8 to i32
      %ab = arith.muli %a32, %b32 : i32
      %next = arith.addi %old, %ab : i32
      linalg.yield %next : i32
"""

_QUANTIZE = """
    ^bb0(%total: i32, %corr: i32, %old: i8):
      %scale = arith.constant {scale} : f32
      %step = arith.constant 0.37 : f32
      %nil = arith.constant 0.0 : f32
      %zero = arith.constant {zero}.0 : f32
      %low = arith.constant -128.0 : f32
      %high = arith.constant 127.0 : f32
      %1 = arith.subi %total, %corr : i32
      %2 = arith.sitofp %1 : i32 to f32
      %3 = arith.mulf %2, %scale : f32
      %positive = arith.cmpf ugt, %3, %nil : f32
      %relu = arith.select %positive, %3, %nil : f32
      %5 = arith.divf {value}, %step : f32
      %6 = math.roundeven %5 : f32
      %7 = arith.addf %6, %zero : f32
      %8 = arith.maxnumf %7, %low : f32
      %9 = arith.minnumf %8, %high : f32
      %10 = arith.fptosi %9 : f32 to i8
      linalg.yield %10 : i8
"""

# As TFLite's kernels: a product of 64 bits, rounded twice, the second time away from zero.
_ROUND_TWICE = """
    ^bb0(%total: i32, %corr: i32, %old: i8):
      %factor = arith.constant 1518500250 : i64
      %halves = arith.constant {halves} : i64
      %by31 = arith.constant 31 : i64
      %by = arith.constant 7 : i32
      %zero = arith.constant {zero} : i32
      %c31 = arith.constant 31 : i32
      %low = arith.constant -128 : i32
      %high = arith.constant 127 : i32
      %1 = arith.subi %total, %corr : i32
      %2 = arith.extsi %1 : i32 to i64
      %3 = arith.muli %2, %factor : i64
      %4 = arith.addi %3, %halves : i64
      %5 = arith.shrsi %4, %by31 : i64
      %6 = arith.trunci %5 : i64 to i32
      %7 = arith.shrsi %1, %c31 : i32
      %9 = arith.addi %6, %7 : i32
      %10 = arith.shrsi %9, %by : i32
      %11 = arith.addi %10, %zero : i32
      %12 = arith.maxsi %11, %low : i32
      %13 = arith.minsi %12, %high : i32
      %14 = arith.trunci %13 : i32 to i8
      linalg.yield %14 : i8
"""

# Scales beside the step of 0.37: sums lie between two integers, so that no line stands for the rounding; one does but for
# few sums; one does.
TIES, FEW_TIES, NO_TIES = "0.0022", "0.0021", "0.00213719"


def tensor(shape, element):
    return f"tensor<{'x'.join(map(str, [*shape, element]))}>"


def constant(array):
    """array as text of MLIR."""
    element = {"int8": "i8", "int32": "i32"}[str(array.dtype)]
    return f'dense<"0x{array.tobytes().hex().upper()}"> : {tensor(array.shape, element)}'


def padded(x, pads):
    """Text that makes %inner, a computed tensor, to %x by padding: pads are (low, high) of each dimension."""
    inner = tensor([size - sum(pad) for size, pad in zip(x, pads)], "i8")
    loops = ", ".join(f"d{i}" for i in range(len(x)))
    identity = f"affine_map<({loops}) -> ({loops})>"
    low, high = (", ".join(str(pad[end]) for pad in pads) for end in (0, 1))
    return f"""
    %edge = arith.constant -5 : i8
    %place = tensor.empty() : {inner}
    %made = linalg.generic {{indexing_maps = [{identity}, {identity}], iterator_types = [{", ".join(['"parallel"'] * len(x))}]}}
      ins(%inner : {inner}) outs(%place : {inner}) {{
    ^bb0(%a: i8, %old: i8):
      %b = arith.xori %a, %edge : i8
      linalg.yield %b : i8
    }} -> {inner}
    %x = tensor.pad %made low[{low}] high[{high}] {{
    ^bb0({", ".join(f"%i{i}: index" for i in range(len(x)))}):
      tensor.yield %edge : i8
    }} : {inner} to {tensor(x, "i8")}"""


def product(
    name,
    x,
    weights,
    out,
    maps,
    kinds,
    channel=None,
    relu=True,
    zero=-128,
    extend="extsi",
    scale=TIES,
    loud=None,
    pads=None,
    twice=False,
):
    """A function of an i8 tensor: its product with constant weights, quantized where channel is given.

    maps: of x, weights and out, as text; kinds: a letter for each loop, p(arallel) or r(eduction);
    channel: the output's dimension of channels; loud: how many of them have large weights, None for all.
    pads: as for `padded`, where x is padded. twice: rounded as TFLite does.
    """
    generator = numpy.random.default_rng(len(name))
    values = generator.integers(-128, 128, weights).astype(numpy.int8)
    if loud is not None:
        position = maps[1].split(", ").index(maps[2].split(", ")[channel])
        quiet = numpy.arange(weights[position]) >= loud
        values = numpy.where(
            quiet.reshape([-1 if i == position else 1 for i in range(len(weights))]), (values / 100).astype(numpy.int8), values
        )
    loops = ", ".join(f"d{i}" for i in range(len(kinds)))
    listed = ", ".join(f"affine_map<({loops}) -> ({m})>" for m in maps)
    iterators = ", ".join('"parallel"' if k == "p" else '"reduction"' for k in kinds)
    sums, result = tensor(out, "i32"), tensor(out, "i8" if channel is not None else "i32")
    source, made = f"%x: {tensor(x, 'i8')}", ""
    if pads:
        source, made = f"%inner: {tensor([size - sum(pad) for size, pad in zip(x, pads)], 'i8')}", padded(x, pads)
    text = f"""
  func.func @{name}({source}) -> {result} {{{made}
    %w = arith.constant {constant(values)}
    %c0 = arith.constant 0 : i32
    %empty = tensor.empty() : {sums}
    %filled = linalg.fill ins(%c0 : i32) outs(%empty : {sums}) -> {sums}
    %sums = linalg.generic {{indexing_maps = [{listed}], iterator_types = [{iterators}]}}
      ins(%x, %w : {tensor(x, "i8")}, {tensor(weights, "i8")}) outs(%filled : {sums}) {{{_BODY.format(extend=extend)}
    }} -> {sums}
"""
    if channel is None:
        return text + f"    return %sums : {sums}\n  }}\n"
    bias = generator.integers(-2000, 2000, out[channel]).astype(numpy.int32)
    own = ", ".join(f"d{i}" for i in range(len(out)))
    identity = f"affine_map<({own}) -> ({own})>"
    epilogue = (
        _ROUND_TWICE.format(halves=(1 << 30) + (64 << 31), zero=zero)
        if twice
        else _QUANTIZE.format(scale=scale, zero=zero, value="%relu" if relu else "%3")
    )
    parallel = ", ".join(['"parallel"'] * len(out))
    return (
        text
        + f"""
    %bias = arith.constant {constant(bias)}
    %start = tensor.empty() : {result}
    %y = linalg.generic {{indexing_maps = [{identity}, affine_map<({own}) -> (d{channel})>, {identity}], iterator_types = [{parallel}]}}
      ins(%sums, %bias : {sums}, {tensor(bias.shape, "i32")}) outs(%start : {result}) {{{epilogue}
    }} -> {result}
    return %y : {result}
  }}
"""
    )


def conv(name, c, size, n, window, stride=1, **options):
    """Channels first: c x size x size to n x … x …."""
    out = (size - window) // stride + 1
    s = f" * {stride}" if stride > 1 else ""
    maps = [f"d3, d1{s} + d4, d2{s} + d5", "d0, d3, d4, d5", "d0, d1, d2"]
    return product(name, (c, size, size), (n, c, window, window), (n, out, out), maps, "ppprrr", 0, **options)


def conv_channels_last(name, c, size, n, window, **options):
    maps = ["d0 + d3, d1 + d4, d5", "d3, d4, d5, d2", "d0, d1, d2"]
    out = size - window + 1
    return product(name, (size, size, c), (window, window, c, n), (out, out, n), maps, "ppprrr", 2, **options)


def depthwise(name, c, size, window, stride=1, **options):
    out = (size - window) // stride + 1
    s = f" * {stride}" if stride > 1 else ""
    maps = [f"d0, d1{s} + d3, d2{s} + d4", "d0, d3, d4", "d0, d1, d2"]
    return product(name, (c, size, size), (c, window, window), (c, out, out), maps, "ppprr", 0, **options)


def depthwise_channels_last(name, c, size, window, stride=1, **options):
    out = (size - window) // stride + 1
    s = f" * {stride}" if stride > 1 else ""
    maps = [f"d0{s} + d3, d1{s} + d4, d2", "d3, d4, d2", "d0, d1, d2"]
    return product(name, (size, size, c), (window, window, c), (out, out, c), maps, "ppprr", 2, **options)


def matmul(name, m, k, n, channel=1, **options):
    return product(name, (m, k), (k, n), (m, n), ["d0, d2", "d2, d1", "d0, d1"], "ppr", channel, **options)


def matvec(name, k, n, **options):
    return product(name, (k,), (k, n), (n,), ["d1", "d1, d0", "d0"], "pr", 0, **options)


def variable(name, m, k, n, quantized=False, transposed=False):
    """The product of two i8 tensors that only run time knows; its second one may have its factors side by side."""
    y, kept = tensor((n, k) if transposed else (k, n), "i8"), tensor((m, n), "i32")
    places = ("d0, d2", "d1, d2" if transposed else "d2, d1", "d0, d1")
    maps = ", ".join(f"affine_map<(d0, d1, d2) -> ({p})>" for p in places)
    result, quantize, returned = kept, "", "%sums"
    if quantized:
        result, returned = tensor((m, n), "i8"), "%z"
        identity = "affine_map<(d0, d1) -> (d0, d1)>"
        body = _QUANTIZE.format(scale="0.0021", zero=3, value="%3")
        quantize = f"""
    %start = tensor.empty() : {result}
    %z = linalg.generic {{
        indexing_maps = [{identity}, affine_map<(d0, d1) -> (d1)>, {identity}], iterator_types = ["parallel", "parallel"]}}
      ins(%sums, %bias : {kept}, {tensor((n,), "i32")}) outs(%start : {result}) {{{body}
    }} -> {result}"""
    return f"""
  func.func @{name}(%x: {tensor((m, k), "i8")}, %y: {y}, %bias: {tensor((n,), "i32")}) -> {result} {{
    %c0 = arith.constant 0 : i32
    %empty = tensor.empty() : {kept}
    %filled = linalg.fill ins(%c0 : i32) outs(%empty : {kept}) -> {kept}
    %sums = linalg.generic {{indexing_maps = [{maps}], iterator_types = ["parallel", "parallel", "reduction"]}}
      ins(%x, %y : {tensor((m, k), "i8")}, {y}) outs(%filled : {kept}) {{{_BODY.format(extend="extsi")}
    }} -> {kept}{quantize}
    return {returned} : {result}
  }}
"""


def addition(name, first, second, step, zeros=(-128, 4, -128), relu=True):
    """The sum of two i8 tensors, each with a scale and a zero point, requantized to step and the last of zeros."""
    x, identity = tensor((40, 30), "i8"), "affine_map<(d0, d1) -> (d0, d1)>"
    return f"""
  func.func @{name}(%x: {x}, %y: {x}) -> {x} {{
    %start = tensor.empty() : {x}
    %z = linalg.generic {{indexing_maps = [{identity}, {identity}, {identity}], iterator_types = ["parallel", "parallel"]}}
      ins(%x, %y : {x}, {x}) outs(%start : {x}) {{
    ^bb0(%a: i8, %b: i8, %old: i8):
      %first = arith.constant {first} : f32
      %second = arith.constant {second} : f32
      %step = arith.constant {step} : f32
      %nil = arith.constant 0.0 : f32
      %zero = arith.constant {zeros[2]}.0 : f32
      %low = arith.constant -128.0 : f32
      %high = arith.constant 127.0 : f32
      %azero = arith.constant {zeros[0]} : i16
      %bzero = arith.constant {zeros[1]} : i16
      %a16 = arith.extsi %a : i8 to i16
      %a1 = arith.subi %a16, %azero : i16
      %a2 = arith.sitofp %a1 : i16 to f32
      %a3 = arith.mulf %a2, %first : f32
      %b16 = arith.extsi %b : i8 to i16
      %b1 = arith.subi %b16, %bzero : i16
      %b2 = arith.sitofp %b1 : i16 to f32
      %b3 = arith.mulf %b2, %second : f32
      %1 = arith.addf %a3, %b3 : f32
      %positive = arith.cmpf ugt, %1, %nil : f32
      %limited = arith.select %positive, %1, %nil : f32
      %2 = arith.divf {"%limited" if relu else "%1"}, %step : f32
      %3 = math.roundeven %2 : f32
      %4 = arith.addf %3, %zero : f32
      %5 = arith.maxnumf %4, %low : f32
      %6 = arith.minnumf %5, %high : f32
      %7 = arith.fptosi %6 : f32 to i8
      linalg.yield %7 : i8
    }} -> {x}
    return %z : {x}
  }}
"""


def mean(name, channels, count, scale, step, zero=-128):
    """The mean of each row of an i8 tensor, added up as floats, requantized to step."""
    x, sums, y = tensor((channels, count), "i8"), tensor((channels,), "f32"), tensor((channels,), "i8")
    return f"""
  func.func @{name}(%x: {x}) -> {y} {{
    %nil = arith.constant 0.0 : f32
    %empty = tensor.empty() : {sums}
    %filled = linalg.fill ins(%nil : f32) outs(%empty : {sums}) -> {sums}
    %sums = linalg.generic {{indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a)>],
        iterator_types = ["parallel", "reduction"]}} ins(%x : {x}) outs(%filled : {sums}) {{
    ^bb0(%a: i8, %old: f32):
      %azero = arith.constant {zero} : i16
      %scale = arith.constant {scale} : f32
      %1 = arith.extsi %a : i8 to i16
      %2 = arith.subi %1, %azero : i16
      %3 = arith.sitofp %2 : i16 to f32
      %4 = arith.mulf %3, %scale : f32
      %5 = arith.addf %old, %4 : f32
      linalg.yield %5 : f32
    }} -> {sums}
    %start = tensor.empty() : {y}
    %y = linalg.generic {{indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}}
      ins(%sums : {sums}) outs(%start : {y}) {{
    ^bb0(%a: f32, %old: i8):
      %count = arith.constant {count}.0 : f32
      %step = arith.constant {step} : f32
      %zero = arith.constant {zero}.0 : f32
      %low = arith.constant -128.0 : f32
      %high = arith.constant 127.0 : f32
      %1 = arith.divf %a, %count : f32
      %2 = arith.divf %1, %step : f32
      %3 = math.roundeven %2 : f32
      %4 = arith.addf %3, %zero : f32
      %5 = arith.maxnumf %4, %low : f32
      %6 = arith.minnumf %5, %high : f32
      %7 = arith.fptosi %6 : f32 to i8
      linalg.yield %7 : i8
    }} -> {y}
    return %y : {y}
  }}
"""


# Means of rows without ties; with ties; of many numbers on both sides of zero.
MEANS = {
    "mean_odd": dict(channels=6, count=27, scale=0.0802361592, step=0.0802361592),
    "mean_of_ties": dict(channels=12, count=64, scale=0.127069145, step=0.127069145),
    "mean_signed": dict(channels=3, count=45, scale=0.0311, step=0.0311, zero=4),
}
# Two sums that are planes, and one whose ties no plane rounds to even.
ADDITIONS = {
    "sum_limited": dict(first=0.0393935516, second=0.104194961, step=0.0509456731),
    "sum_whole": dict(first=0.0311, second=0.0173, step=0.0407, zeros=(3, -9, 12), relu=False),
    "sum_of_ties": dict(first=0.25, second=0.25, step=0.5, zeros=(0, 0, 0), relu=False),
}
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
# The rewrites of products leave these alone.
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
QUANTIZE = """
module {
  func.func @quantize(%x: tensor<24xf32>) -> tensor<24xi8> {
    %start = tensor.empty() : tensor<24xi8>
    %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%x : tensor<24xf32>) outs(%start : tensor<24xi8>) {
    ^bb0(%a: f32, %old: i8):
      %zero = arith.constant 11.0 : f32
      %low = arith.constant -128.0 : f32
      %high = arith.constant 127.0 : f32
      %1 = math.roundeven %a : f32
      %2 = arith.addf %1, %zero : f32
      %3 = arith.maxnumf %2, %low : f32
      %4 = arith.minnumf %3, %high : f32
      %5 = arith.fptosi %4 : f32 to i8
      linalg.yield %5 : i8
    } -> tensor<24xi8>
    return %y : tensor<24xi8>
  }
}
"""
# Ties, limits, and numbers that no addition of 1.5 * 2^23 can round.
HARD_NUMBERS = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, -0.0, 115.5, 116.5, 116.49999, -138.5, -139.5, -139.49998]
HARD_NUMBERS += [4194303.5, -4194304.0, 8388609.0, -1.3e7, -2.0e7, 3.0e9, -3.0e9, 3.0e38, -3.0e38, 1e-40]


def module(functions):
    return "module {" + "".join(functions) + "}\n"
