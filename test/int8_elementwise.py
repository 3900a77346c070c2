"""Functions of MLIR that requantize: sums of two int8 tensors, means of rows, floats."""

from int8_functions import rounded, tensor


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
      {rounded("%2", zeros[2])}
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
      %1 = arith.divf %a, %count : f32
      %2 = arith.divf %1, %step : f32
      {rounded("%2", zero)}
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
QUANTIZE = f"""
module {{
  func.func @quantize(%x: tensor<24xf32>) -> tensor<24xi8> {{
    %start = tensor.empty() : tensor<24xi8>
    %y = linalg.generic {{indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}}
      ins(%x : tensor<24xf32>) outs(%start : tensor<24xi8>) {{
    ^bb0(%a: f32, %old: i8):
      {rounded("%a", 11)}
    }} -> tensor<24xi8>
    return %y : tensor<24xi8>
  }}
}}
"""
# Ties, limits, and numbers that no addition of 1.5 * 2^23 can round.
HARD_NUMBERS = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, -0.0, 115.5, 116.5, 116.49999, -138.5, -139.5, -139.49998]
HARD_NUMBERS += [4194303.5, -4194304.0, 8388609.0, -1.3e7, -2.0e7, 3.0e9, -3.0e9, 3.0e38, -3.0e38, 1e-40]
