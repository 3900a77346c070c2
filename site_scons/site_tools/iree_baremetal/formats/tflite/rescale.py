"""From the sums of a quantized product to its result: scaled for each channel, rounded, moved to the zero point, clamped."""

import numpy
from iree.compiler.dialects import arith

from . import emit, quantization


def requantize(node, sums, scales, bias, limits=None, single=False):
    """The result of sums, channels last, as elements of the output's type.

    sums: a value of i32, or of i64 for int16 activations. scales: real numbers, one for all or for each channel: those
    of the sums over the output's. bias: an array of integers, one for each channel, or None. limits: (low, high) for the
    result; the output's with the fused activation, if left out. single: rounds once, as FULLY_CONNECTED, not twice.
    """
    output = node.outputs[0]
    limits = limits or node.activation_range()
    if output.dtype != "uint8":
        return scaled(sums, scales, bias, output.zero, limits, output.dtype, single)
    return quantization.flipped(scaled(sums, scales, bias, output.zero - 128, [n - 128 for n in limits], "int8", single))


def scaled(sums, scales, bias, zero, limits, dtype, single=False):
    """sums + bias, times scales, rounded, + zero, within limits, as elements of dtype; the arguments as `requantize` has them."""
    is_wide, type_ = emit.element_of(sums) == emit.i64(), emit.element(dtype)
    pairs = [quantization.multiplier(float(s)) for s in scales]
    columns = [] if bias is None else [emit.constant(numpy.asarray(bias, "i8" if is_wide else "i4"))]
    if len(set(pairs)) == 1:
        multiply = quantization.wide if is_wide else quantization.single_rounded if single else quantization.double_rounded
    else:
        multiply = _once if is_wide else _single_channels if single else _double_channels
        columns += [emit.constant(c) for c in _columns(pairs, is_wide)]

    def body(x, *values):
        values = list(values)
        if bias is not None:
            x = arith.addi(x, values.pop(0))
        x = multiply(x, *(values or pairs[0]))
        x = arith.addi(x, emit.number(x.type, zero)) if zero else x
        return emit.saturated(x, *limits, type_)

    return emit.elementwise(body, type_, sums, *columns)


def _columns(pairs, is_wide):
    """The constants of each channel, as arrays, that the functions below take."""
    fixed, shifts = (numpy.array(column, "i8") for column in zip(*pairs))
    if is_wide:
        fixed = numpy.where(fixed < 0x7FFF0000, (fixed + (1 << 15)) >> 16, 0x7FFF)
        return fixed, 15 - shifts
    return fixed.astype("i4"), shifts.astype("i4")


def _once(x, fixed, total):
    one = emit.number(emit.i64(), 1)
    half = arith.shli(one, arith.subi(total, one))
    return arith.trunci(emit.i32(), arith.shrsi(arith.addi(arith.muli(x, fixed), half), total))


def _single_channels(x, fixed, shift):
    wide = emit.i64()
    total = arith.subi(emit.number(wide, 31), arith.extsi(wide, shift))
    return _once(arith.extsi(wide, x), arith.extsi(wide, fixed), total)


def _double_channels(x, fixed, shift):
    narrow, wide = emit.i32(), emit.i64()
    zero, one = emit.number(narrow, 0), emit.number(narrow, 1)
    x = arith.shli(x, arith.maxsi(shift, zero))
    product = arith.muli(arith.extsi(wide, x), arith.extsi(wide, fixed))
    high = arith.trunci(narrow, arith.shrsi(arith.addi(product, emit.number(wide, 1 << 30)), emit.number(wide, 31)))
    right = arith.maxsi(arith.subi(zero, shift), zero)
    mask = arith.subi(arith.shli(one, right), one)
    threshold = arith.addi(arith.shrsi(mask, one), arith.extui(narrow, arith.cmpi(arith.CmpIPredicate.slt, high, zero)))
    up = arith.cmpi(arith.CmpIPredicate.sgt, arith.andi(high, mask), threshold)
    return arith.addi(arith.shrsi(high, right), arith.extui(narrow, up))
