"""TensorFlow Lite's quantized arithmetic: numbers known when the model is imported, and the scalar code for them.

Real = scale * (quantized - zero point). After the reference kernels: tensorflow/lite/kernels/internal/common.h,
quantization_util.cc and kernels/kernel_util.cc.
"""

import math

import numpy
from iree.compiler.dialects import arith

from . import emit

LIMITS = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-(2**15), 2**15 - 1), "int32": (-(2**31), 2**31 - 1)}
NONE, RELU, RELU_N1_TO_1, RELU6, TANH, SIGN_BIT = range(6)  # ActivationFunctionType
_REAL_LIMITS = {RELU: (0, None), RELU6: (0, 6), RELU_N1_TO_1: (-1, 1)}


def multiplier(real):
    """(multiplier, shift) with real ~ multiplier * 2**(shift - 31) and 31 bits: QuantizeMultiplier()."""
    if real == 0:
        return 0, 0
    mantissa, shift = math.frexp(real)
    fixed = _rounded(mantissa * 2**31)
    if fixed == 2**31:
        fixed, shift = fixed // 2, shift + 1
    if shift < -31:
        fixed, shift = 0, 0
    return (2**31 - 1, 30) if shift > 30 else (fixed, shift)


def _rounded(x):
    """Half away from zero, as C's round()."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def quantized(tensor, real):
    """The number that stands for a real number in tensor, unclamped; in float32, as the kernels do it."""
    return tensor.zero + _rounded(float(numpy.float32(real) / numpy.float32(tensor.scale)))


def activation_range(activation, tensor, node):
    """(low, high) of quantized numbers after a fused activation: CalculateActivationRangeQuantized()."""
    if activation == NONE:
        return LIMITS[tensor.dtype]
    if activation not in _REAL_LIMITS:
        raise node.error(f"the fused activation {activation} is not supported with {tensor.dtype}")
    return range_within(_REAL_LIMITS[activation], tensor, node)


def range_within(limits, tensor, node):
    """(low, high) of tensor's quantized numbers within real limits; None for no limit."""
    low, high = LIMITS[tensor.dtype]
    node.scale(tensor)
    if limits[0] is not None:
        low = max(low, quantized(tensor, limits[0]))
    if limits[1] is not None:
        high = min(high, quantized(tensor, limits[1]))
    return low, high


def activated(activation, value, node):
    """value (floats) after a fused activation."""
    if activation == NONE:
        return value
    if activation == TANH:
        from iree.compiler.dialects import math as math_ops

        return emit.elementwise(math_ops.tanh, emit.element_of(value), value)
    if activation not in _REAL_LIMITS:
        raise node.error(f"the fused activation {activation} is not supported")
    return emit.elementwise(lambda x: clamped(x, *_REAL_LIMITS[activation]), emit.element_of(value), value)


def clamped(x, low, high):
    """The float scalar x within numbers; None for no limit."""
    x = x if low is None else arith.maximumf(x, emit.number(x.type, low))
    return x if high is None else arith.minimumf(x, emit.number(x.type, high))


def dequantized(array, tensor):
    """The real numbers (float32) that the array, the content of tensor, stands for."""
    if not tensor.is_quantized:
        return array.astype("f4")
    extents = [1] * array.ndim
    if len(tensor.scales) > 1:
        extents[tensor.axis] = len(tensor.scales)
    zeros = tensor.zeros.reshape(extents if len(tensor.zeros) > 1 else [1] * array.ndim)
    return ((array.astype("i8") - zeros).astype("f4") * tensor.scales.reshape(extents)).astype("f4")


def flipped(value):
    """uint8 as the int8 that is 128 less, and back."""
    return emit.elementwise(lambda x: arith.xori(x, emit.number(emit.i8(), 128)), emit.i8(), value)


def widened(x, tensor, type_=None):
    """The scalar x, a number of tensor, as i32 (or type_)."""
    type_ = type_ or emit.i32()
    return (arith.extui if tensor.dtype.startswith("u") else arith.extsi)(type_, x)


def double_rounded(x, fixed, shift):
    """The i32 scalar x times fixed * 2**(shift - 31): MultiplyByQuantizedMultiplier() of common.h, rounded twice."""
    x = arith.shli(x, emit.number(emit.i32(), shift)) if shift > 0 else x
    product = arith.muli(arith.extsi(emit.i64(), x), emit.number(emit.i64(), fixed))
    high = arith.shrsi(arith.addi(product, emit.number(emit.i64(), 1 << 30)), emit.number(emit.i64(), 31))
    high = arith.trunci(emit.i32(), high)
    return rounding_shift(high, -shift) if shift < 0 else high


def rounding_shift(x, count):
    """The integer scalar x over 2**count, rounded half away from zero: RoundingDivideByPOT(); count: a number or a scalar above 0."""
    if isinstance(count, int) and count <= 0:
        return x
    one = emit.number(x.type, 1)
    if isinstance(count, int):
        mask, half, count = ((1 << count) - 1, (1 << (count - 1)) - 1, count)
        mask, half, count = (emit.number(x.type, n) for n in (mask, half, count))
    else:
        mask = arith.subi(arith.shli(one, count), one)
        half = arith.shrui(mask, one)
    threshold = arith.addi(half, arith.shrui(x, emit.number(x.type, x.type.width - 1)))
    is_up = arith.cmpi(arith.CmpIPredicate.sgt, arith.andi(x, mask), threshold)
    return arith.addi(arith.shrsi(x, count), arith.extui(x.type, is_up))


def single_rounded(x, fixed, shift):
    """The i32 (or i64) scalar x times fixed * 2**(shift - 31), rounded once, half up; an i32."""
    x = x if x.type == emit.i64() else arith.extsi(emit.i64(), x)
    total = 31 - shift
    product = arith.muli(x, emit.number(emit.i64(), fixed))
    product = arith.addi(product, emit.number(emit.i64(), 1 << (total - 1)))
    return arith.trunci(emit.i32(), arith.shrsi(product, emit.number(emit.i64(), total)))


def wide(x, fixed, shift):
    """The i64 scalar x, a sum of int16 products, times 16 bits of a multiplier; an i32: common.h, for int64_t."""
    fixed = (fixed + (1 << 15)) >> 16 if fixed < 0x7FFF0000 else 0x7FFF
    return single_rounded(x, fixed, shift + 16)
