"""Functions of MLIR with one int8 product each: of constant weights, or of two tensors; quantized, padded."""

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
      %1 = arith.subi %total, %corr : i32
      %2 = arith.sitofp %1 : i32 to f32
      %3 = arith.mulf %2, %scale : f32
      %positive = arith.cmpf ugt, %3, %nil : f32
      %relu = arith.select %positive, %3, %nil : f32
      %5 = arith.divf {value}, %step : f32
{rounded}
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


def rounded(value, zero):
    """Text that gives a float, in steps of the quantization, as an i8."""
    return f"""
      %zero = arith.constant {zero}.0 : f32
      %low = arith.constant -128.0 : f32
      %high = arith.constant 127.0 : f32
      %rounded = math.roundeven {value} : f32
      %moved = arith.addf %rounded, %zero : f32
      %above = arith.maxnumf %moved, %low : f32
      %within = arith.minnumf %above, %high : f32
      %byte = arith.fptosi %within : f32 to i8
      linalg.yield %byte : i8
    """.strip()


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
        else _QUANTIZE.format(scale=scale, value="%relu" if relu else "%3", rounded=rounded("%5", zero))
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
        body = _QUANTIZE.format(scale="0.0021", value="%3", rounded=rounded("%5", 3))
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
