"""Loops, branches, and the maps from loops to points."""

from iree.compiler import ir
from iree.compiler.dialects import arith, scf

from .machine import hidden
from .values import add, as_index, index, word


def loop(count, carried, body, is_rolled=False):
    """``for i in range(count): carried = body(i, *carried)``; returns carried. count: a number or an index value.

    is_rolled: LLVM shall not unroll it.
    """
    if not isinstance(count, int):
        end = count
    elif count == 1:
        return list(body(index(0), *carried))
    else:
        end = as_index(hidden(word(count))) if is_rolled else index(count)
    made = scf.ForOp(index(0), end, index(1), list(carried))
    with ir.InsertionPoint(made.body):
        scf.yield_(list(body(made.induction_variable, *made.inner_iter_args)))
    return list(made.results)


def when(condition, carried, then, otherwise):
    """``carried = then(*carried) if condition else otherwise(*carried)``; returns carried."""
    made = scf.IfOp(condition, [value.type for value in carried], has_else=True)
    for block, body in ((made.then_block, then), (made.else_block, otherwise)):
        with ir.InsertionPoint(block):
            scf.yield_(list(body(*carried)))
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
    return add(left, right) if isinstance(expression, ir.AffineAddExpr) else arith.muli(left, right)


def point(affine_map, dims):
    """The coordinates that affine_map gives for dims."""
    return [affine(expression, dims) for expression in affine_map.results]
