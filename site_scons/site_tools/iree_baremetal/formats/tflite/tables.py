"""Functions of one quantized number of 8 bits, as tables of 256; and the integer arithmetic that fills them, in Python."""

import numpy

from . import emit, quantization


def looked_up(node, table, number=0):
    """The elements of table, 256 numbers of the output's type, at those of input number, of 8 bits, from the lowest on."""
    from iree.compiler.dialects import arith

    tensor, output = node.inputs[number], node.outputs[0]
    table = numpy.asarray(table).astype(output.dtype)
    word = emit.i32()

    def place(x):
        x = quantization.widened(x, tensor)
        return x if tensor.dtype == "uint8" else arith.addi(x, emit.number(word, 128))

    return emit.looked_up(table, emit.elementwise(place, word, node.value(number)))


def numbers(tensor):
    """All numbers of tensor's type, of 8 bits, in order, without its zero point: an array of Python's integers."""
    low, high = quantization.LIMITS[tensor.dtype]
    return numpy.arange(low, high + 1) - tensor.zero


def limited(tensor, table):
    """table at tensor's zero point, within its type."""
    return numpy.clip(numpy.asarray(table) + tensor.zero, *quantization.LIMITS[tensor.dtype])


def of_function(node, function, is_rounded=True):
    """The table of a function of floats (an array of float32): LUTPopulate() of kernels/internal/common.h.

    is_rounded: whether results are rounded half away from zero; cut off towards it without.
    """
    source, output = node.inputs[0], node.outputs[0]
    scale, inverse = numpy.float32(node.scale(source)), numpy.float32(1) / numpy.float32(node.scale(output))
    with numpy.errstate(all="ignore"):
        real = function(scale * numbers(source).astype("f4")).astype("f4") * inverse
    whole = numpy.trunc(real + numpy.copysign(numpy.float32(0.5), real) if is_rounded else real)
    rounded = numpy.nan_to_num(whole, nan=-(2**30), posinf=2**30, neginf=-(2**30))  # as C's conversion has it on most processors
    return limited(output, numpy.clip(rounded, -(2**30), 2**30).astype("i8"))


def steps(function, inputs, outputs, real="f4"):
    """513 numbers of int16 between which a function of floats is interpolated: LUTPopulate() for int16.

    inputs, outputs: (lowest, highest) real numbers that int16 stands for; real: the type that it is computed in. function
    takes and gives arrays of that type.
    """
    inputs, outputs = (numpy.array(pair, real) for pair in (inputs, outputs))
    step = (inputs[1] - inputs[0]) / inputs.dtype.type(512)
    inverse = inputs.dtype.type(65536) / (outputs[1] - outputs[0])
    places = inputs[0] + numpy.arange(512).astype(real) * step
    value, middle, following = (function(p) * inverse for p in (places, places + step / 2, places + step))
    error = _round((following + _round(value)) / 2) - _round(middle)
    entries = [*(_round(value) - _round(error / 2)), _round(function(inputs[1:]) * inverse)[0]]
    return numpy.clip(entries, -(2**15), 2**15 - 1).astype("i2")


def _round(x):
    return numpy.trunc(x + numpy.copysign(x.dtype.type(0.5), x))


def interpolated(table, x):
    """The i32 scalar x, from -2**15 to 2**15 - 1, by table, a value of 513 i16: an i32."""
    from iree.compiler import ir
    from iree.compiler.dialects import arith, tensor

    word = emit.i32()
    place = arith.addi(arith.shrsi(x, emit.number(word, 7)), emit.number(word, 256))
    low, high = (
        arith.extsi(word, tensor.extract(table, [arith.index_cast(ir.IndexType.get(), arith.addi(place, emit.number(word, n)))]))
        for n in (0, 1)
    )
    product = arith.muli(arith.subi(high, low), arith.andi(x, emit.number(word, 127)))
    return arith.addi(low, arith.shrsi(arith.addi(product, emit.number(word, 64)), emit.number(word, 7)))


def scaled(x, fixed, shift):
    """MultiplyByQuantizedMultiplier() of an integer, rounded twice."""
    x = int(x) << max(shift, 0)
    high = (x * fixed + (1 << 30)) >> 31
    return rounding_shift(high, max(-shift, 0))


def rounding_shift(x, count):
    """RoundingDivideByPOT() of an integer."""
    mask = (1 << count) - 1
    return (x >> count) + ((x & mask) > (mask >> 1) + (x < 0))


def inverse_root(x):
    """(multiplier, shift) with 1 / sqrt(x) ~ multiplier * 2**(shift - 31), of an integer: GetInvSqrtQuantizedMultiplierExp()."""
    if x <= 1:
        return 2**31 - 1, 0
    shift = 11
    while x >= 1 << 29:
        x //= 4
        shift += 1
    pairs = (32 - x.bit_length() - 1) // 2 - 1
    x, shift = x << 2 * pairs, shift - pairs
    half = rounding_shift(x >> 1, 1)  # with three integer digits, as all below
    guess = 1 << 28
    for _ in range(5):
        cube = _left(_high(_high(guess, guess), guess), 6)
        guess = _left(_high(guess, 402653184) - _high(half, cube), 3)
    guess = _high(guess, 1518500250)  # over the root of 2, without integer digits
    return (guess << -shift, 0) if shift < 0 else (guess, -shift)


def _high(a, b):
    """SaturatingRoundingDoublingHighMul(), which rounds half away from zero."""
    product = a * b
    nudged = product + ((1 << 30) if product >= 0 else 1 - (1 << 30))
    return nudged >> 31 if nudged >= 0 else -(-nudged >> 31)


def _left(x, count):
    return max(-(2**31), min(2**31 - 1, x << count))
