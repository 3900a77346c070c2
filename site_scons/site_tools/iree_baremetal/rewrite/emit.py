"""Shorthand for the operations that rewritten kernels consist of, at the current insertion point."""

from iree.compiler import ir
from iree.compiler.dialects import arith, llvm, scf, tensor


def i32():
    return ir.IntegerType.get_signless(32)


def index(value):
    return arith.constant(ir.IndexType.get(), value)


def word(value):
    """An i32 constant; value may be given as the unsigned number of the same bits."""
    return arith.constant(i32(), (value + 2**31) % 2**32 - 2**31)


def add(a, b):
    return arith.addi(a, b)


def scaled(value, factor):
    """value * factor, factor known."""
    return value if factor == 1 else arith.muli(value, index(factor))


def total(values):
    """The sum of indices, of which there may be none."""
    result = None
    for value in values:
        result = value if result is None else add(result, value)
    return index(0) if result is None else result


def least(a, b):
    return arith.minsi(a, b)


def split(value, extents):
    """The coordinates of the value-th point of a box, the last fastest."""
    result = []
    for extent in reversed(extents[1:]):
        result.insert(0, arith.remui(value, index(extent)))
        value = arith.divui(value, index(extent))
    return [value, *result] if extents else []


def empty(shape, element):
    return tensor.empty(shape, element)


def load(array, *indices):
    return tensor.extract(array, list(indices))


def store(value, array, *indices):
    """array with value in it."""
    return tensor.insert(value, array, list(indices))


def pair(low, high):
    """Two i8 as the 16-bit halves of a word."""
    low = arith.andi(arith.extsi(i32(), low), word(0xFFFF))
    return arith.ori(low, arith.shli(arith.extsi(i32(), high), word(16)))


def intrinsic(name, *arguments):
    """LLVM's intrinsic of this name on words."""
    return llvm.call_intrinsic(i32(), name, list(arguments), [], [])


def loop(count, carried, body):
    """``for i in range(count): carried = body(i, *carried)``; returns carried."""
    if count == 1:
        return list(body(index(0), *carried))
    made = scf.ForOp(index(0), index(count), index(1), list(carried))
    with ir.InsertionPoint(made.body):
        scf.yield_(list(body(made.induction_variable, *made.inner_iter_args)))
    return list(made.results)


def nest(counts, carried, body):
    """Loops within loops: ``body([i, j, …], *carried)``."""
    if not counts:
        return list(body([], *carried))
    return loop(counts[0], carried, lambda i, *outer: nest(counts[1:], outer, lambda inner, *c: body([i, *inner], *c)))


def affine(expression, dims):
    """The value of an affine expression of dims, a list of indices."""
    if isinstance(expression, ir.AffineDimExpr):
        return dims[expression.position]
    if isinstance(expression, ir.AffineConstantExpr):
        return index(expression.value)
    left, right = affine(expression.lhs, dims), affine(expression.rhs, dims)
    return arith.addi(left, right) if isinstance(expression, ir.AffineAddExpr) else arith.muli(left, right)


def point(affine_map, dims):
    """The coordinates that affine_map gives for dims."""
    return [affine(expression, dims) for expression in affine_map.results]
