"""Numbers, indices and what is computed of them."""

import itertools

from iree.compiler import ir
from iree.compiler.dialects import arith, llvm


def i32():
    return ir.IntegerType.get_signless(32)


def i8():
    return ir.IntegerType.get_signless(8)


def byte(value):
    return arith.constant(i8(), value)


def index(value):
    return arith.constant(ir.IndexType.get(), value)


def word(value):
    """An i32 constant; value may be given as the unsigned number of the same bits."""
    return arith.constant(i32(), (value + 2**31) % 2**32 - 2**31)


def constant(type_, value):
    return arith.constant(type_, value)


def as_word(value):
    """An index as a word."""
    return arith.index_cast(i32(), value)


def as_index(value):
    """A word as an index."""
    return arith.index_cast(ir.IndexType.get(), value)


def add(a, b):
    return arith.addi(a, b)


def scaled(value, factor):
    """The index value * factor, factor known."""
    return value if factor == 1 else arith.muli(value, index(factor))


def plus(value, offset):
    """The index value + offset, offset known."""
    return add(value, index(offset)) if offset else value


def total(values):
    """The sum of indices."""
    first, *rest = values
    for value in rest:
        first = add(first, value)
    return first


def least(a, b):
    return arith.minsi(a, b)


def flat(coordinates, extents):
    """The number of a point of a box, the last coordinate fastest."""
    first, *rest = coordinates
    for value, extent in zip(rest, extents[1:]):
        first = add(scaled(first, extent), value)
    return first


def split(value, extents):
    """The coordinates of the value-th point of a box, the last fastest."""
    result = []
    for extent in reversed(extents[1:]):
        result.insert(0, arith.remui(value, index(extent)))
        value = arith.divui(value, index(extent))
    return [value, *result] if extents else []


def multiply_add(a, b, total):
    return arith.addi(total, arith.muli(a, b))


def multiply_add_floats(a, b, total):
    return arith.addf(total, arith.mulf(a, b))


def high_product(a, b):
    """The high word of the product of two words."""
    i64 = ir.IntegerType.get_signless(64)
    product = arith.muli(arith.extsi(i64, a), arith.extsi(i64, b))
    return arith.trunci(i32(), arith.shrsi(product, arith.constant(i64, 32)))


def minus(a, b):
    """The difference of two words."""
    return arith.subi(a, b)


def narrowed(value):
    """A word as an i8."""
    return arith.trunci(i8(), value)


def widened(value):
    """A small integer as a word."""
    return arith.extsi(i32(), value)


def as_long_as(value, type_):
    """A word, or a value of this type already, as one of this type."""
    return value if value.type == type_ else arith.extsi(type_, value)


def box(extents):
    """All points of a box, as numbers."""
    return list(itertools.product(*map(range, extents)))


def pair(low, high):
    """Two i8 as the 16-bit halves of a word."""
    low = arith.andi(arith.extsi(i32(), low), word(0xFFFF))
    return arith.ori(low, arith.shli(arith.extsi(i32(), high), word(16)))


def shifted_halves(value, bits):
    """The 16-bit halves of a word, each to the left."""
    low = arith.andi(arith.shli(value, word(bits)), word(0xFFFF))
    return arith.ori(low, arith.shli(arith.andi(value, word(0xFFFF0000)), word(bits)))


def byte_of(value):
    """An i8, or a longer one, as a word, without its sign."""
    return arith.extui(i32(), value)


def joined(low, high, bits):
    """low, and high beside it from these bits on."""
    return arith.ori(low, arith.shli(high, word(bits)))


def flipped(value, bits):
    """value with these bits inverted."""
    return arith.xori(value, word(bits))


def rotated(value, bits):
    """value rotated right."""
    return intrinsic("llvm.fshr.i32", value, value, word(bits)) if bits else value


def intrinsic(name, *arguments):
    """LLVM's intrinsic of this name on words."""
    return llvm.call_intrinsic(i32(), name, list(arguments), [], [])


def is_below(value, limit):
    """Whether the index value, as an unsigned number, is below limit: it is negative else, or too large."""
    return arith.cmpi(arith.CmpIPredicate.ult, value, index(limit))


def quotient(value, divisor):
    """The index value / divisor, rounded down; neither is negative."""
    return arith.divui(value, index(divisor))


def differs(one, other):
    """Whether two words do."""
    return arith.cmpi(arith.CmpIPredicate.ne, one, other)


def is_odd(value):
    """Whether the index value is."""
    return arith.cmpi(arith.CmpIPredicate.ne, arith.remui(value, index(2)), index(0))


def both(one, other):
    return arith.andi(one, other)


def choice(condition, one, other):
    return arith.select(condition, one, other)
