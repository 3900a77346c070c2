"""From the sums of a quantized product to its result: scaled for each channel, rounded, moved to the zero point, clamped."""

from dataclasses import dataclass

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
    type_ = emit.element(dtype)
    pairs = [quantization.multiplier(float(s)) for s in scales]
    if emit.element_of(sums) == emit.i64() and not single:
        return _wide(sums, pairs, bias, zero, limits, type_)
    count = len(pairs) if bias is None else max(len(pairs), len(bias))
    form = _Form.of(pairs, [0] * count if bias is None else [int(b) for b in bias], zero, limits[0] < zero and not single, single)
    columns, rebuild = _columns(form)

    def body(x, *values):
        return emit.saturated(form.code(x, *rebuild(values)), limits[0], limits[1], type_)

    return emit.elementwise(body, type_, sums, *columns)


@dataclass
class _Form:
    """(x * multiplier + addend) >> shift, in 64 bits: numbers, one for each channel, or one for all.

    MultiplyByQuantizedMultiplier() rounds twice, the product to its high half and that to the result; both are one
    shift, with the sum of what each adds, except that the second rounds what is negative away from zero: it gets
    2**31 less. That needs the sign of x, to which the bias must be added first (biases); otherwise the addend has it.
    """

    multipliers: list
    addends: list
    shifts: list
    biases: list  # empty where the addends have them
    zero: int  # to be added at last; 0 where the addends have it

    @classmethod
    def of(cls, pairs, bias, zero, is_signed, single):
        pairs = pairs * len(bias) if len(pairs) == 1 else pairs
        multipliers, shifts = [m for m, _ in pairs], [31 - s for _, s in pairs]
        twice = is_signed and any(s > 31 for s in shifts)
        addends = [(1 << (s - 1)) + ((1 << 30) if s > 31 and not single else 0) for s in shifts]
        if not twice:
            addends = [a + m * b for a, m, b in zip(addends, multipliers, bias)]
        fits = all(abs(a) + (abs(zero) << s) + (m << 31) < 2**63 for a, m, s in zip(addends, multipliers, shifts))
        if fits:
            addends, zero = [a + (zero << s) for a, s in zip(addends, shifts)], 0
        return cls(multipliers, addends, shifts, bias if twice else [], zero)

    def code(self, x, multiplier, addend, shift, bias):
        wide, narrow = emit.i64(), emit.i32()
        x = arith.addi(x, bias) if bias is not None else x
        long = x if x.type == wide else arith.extsi(wide, x)
        value = arith.addi(arith.muli(long, arith.extsi(wide, multiplier)), addend)
        if self.biases:
            # A multiplier of 2**30, and it alone, takes -1 to a high half of 0.
            power = (
                arith.cmpi(arith.CmpIPredicate.eq, multiplier, emit.number(narrow, 1 << 30))
                if 1 << 30 in self.multipliers
                else None
            )
            x = arith.addi(x, arith.extui(narrow, power)) if power is not None else x
            sign = arith.shrsi(x, emit.number(narrow, 31))
            if min(self.shifts) <= 31:  # channels that are rounded once
                twice = arith.cmpi(arith.CmpIPredicate.sgt, shift, emit.number(narrow, 31))
                sign = arith.select(twice, sign, emit.number(narrow, 0))
            sign = arith.extsi(wide, sign)
            value = arith.addi(value, arith.shli(sign, emit.number(wide, 31)))
        if min(self.shifts) >= 32:
            value = arith.trunci(narrow, arith.shrui(value, emit.number(wide, 32)))
            value = arith.shrsi(value, arith.subi(shift, emit.number(narrow, 32)))
        else:
            value = arith.trunci(narrow, arith.shrsi(value, arith.extsi(wide, shift)))
        return arith.addi(value, emit.number(narrow, self.zero)) if self.zero else value


def _columns(form):
    """(the constant tensors that hold what differs between channels, a function: scalars of them -> the arguments of code())."""
    lists = [(form.multipliers, "i4"), (form.addends, "i8"), (form.shifts, "i4"), (form.biases, "i4")]
    differing = [len(set(numbers)) > 1 for numbers, _ in lists]
    columns = [emit.constant(_wrapped(numbers, dtype)) for (numbers, dtype), differs in zip(lists, differing) if differs]

    def rebuild(scalars):
        left = list(scalars)
        types = (emit.i32(), emit.i64(), emit.i32(), emit.i32())
        return [
            left.pop(0) if differs else emit.number(type_, numbers[0]) if numbers else None
            for (numbers, _), differs, type_ in zip(lists, differing, types)
        ]

    return columns, rebuild


def _wrapped(numbers, dtype):
    """Integers as an array of dtype, modulo its width, as its arithmetic is."""
    info = numpy.iinfo(dtype)
    return numpy.array([(n - info.min) % 2**info.bits + info.min for n in numbers], dtype)


def _wide(sums, pairs, bias, zero, limits, type_):
    """The same of a convolution's i64 sums, whose multipliers have 16 bits; rounded once."""
    fixed = [(m + (1 << 15)) >> 16 if m < 0x7FFF0000 else 0x7FFF for m, _ in pairs]
    shifts = [15 - s for _, s in pairs]
    columns = [] if bias is None else [emit.constant(numpy.asarray(bias, "i8"))]
    if len(set(pairs)) > 1:
        columns += [emit.constant(numpy.array(c, "i8")) for c in (fixed, shifts)]

    def body(x, *values):
        one = emit.number(emit.i64(), 1)
        if bias is not None:
            x, values = arith.addi(x, values[0]), values[1:]
        multiplier, shift = values or (emit.number(emit.i64(), n[0]) for n in (fixed, shifts))
        x = arith.addi(arith.muli(x, multiplier), arith.shli(one, arith.subi(shift, one)))
        x = arith.addi(arith.trunci(emit.i32(), arith.shrsi(x, shift)), emit.number(emit.i32(), zero))
        return emit.saturated(x, limits[0], limits[1], type_)

    return emit.elementwise(body, type_, sums, *columns)
