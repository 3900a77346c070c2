"""Operators that take elements by their numbers, which may be computed."""

from iree.compiler import ir
from iree.compiler.dialects import arith, tensor

from .. import emit
from ..registry import operator


def gathered(indices, maps, source, extents, place):
    """A tensor of extents whose elements are those of source at place(the loops' numbers, *those of indices).

    indices: values; maps: for each the affine expressions that index it. All numbers are of MLIR's type index.
    """
    rank = len(extents)

    def body(*scalars):
        loops = [emit.loop(n) for n in range(rank)]
        numbers = [arith.index_cast(ir.IndexType.get(), s) for s in scalars[:-1]]
        return tensor.extract(source, place(loops, *numbers))

    return emit.generic(indices, maps, emit.empty(extents, emit.element_of(source)), body, "p" * rank)


def _checked(node, number, size):
    """Indices, input number, as a value; those that are known have to be from 0 to size - 1.

    Computed ones are clamped: a kernel that read elsewhere would take a board down.
    """
    found = node.constant(number)
    if found is not None and found.size and not (0 <= found.min() and found.max() < size):
        raise node.error(f"its indices are from {found.min()} to {found.max()}, for {size} elements")
    value = node.value(number)
    if found is None:
        type_ = emit.element_of(value)
        value = emit.elementwise(
            lambda i: arith.minsi(arith.maxsi(i, emit.number(type_, 0)), emit.number(type_, size - 1)), type_, value
        )
    return value


@operator("GATHER")
def gather(node):
    own, positions = node.shape(0), node.shape(1)
    axis, batch = node.axis(node.option("Axis", 0), len(own)), node.option("BatchDims", 0)
    batch += len(positions) if batch < 0 else 0
    if not 0 <= batch <= min(axis, len(positions)) or own[:batch] != positions[:batch]:
        raise node.error(f"it has {batch} batch dimensions, its input the shape {own}, its indices {positions}")
    known, indices = node.constant(0), node.constant(1)
    if known is not None and indices is not None and not batch:
        _checked(node, 1, own[axis])
        return known.take(indices, axis)
    source, indices = node.value(0), _checked(node, 1, own[axis])
    inner = len(positions) - batch
    extents = own[:axis] + positions[batch:] + own[axis + 1 :]
    loops = emit.dims(len(extents))

    def place(found, index):
        return [*found[:axis], index, *found[axis + inner :]]

    return gathered([indices], [loops[:batch] + loops[axis : axis + inner]], source, extents, place)


@operator("GATHER_ND")
def gather_nd(node):
    own, positions = node.shape(0), node.shape(1)
    depth = positions[-1] if positions else 0
    if not 0 < depth <= len(own):
        raise node.error(f"its input has the shape {own}, its indices {positions}")
    found = node.constant(1)
    if found is not None and found.size and ((found < 0) | (found >= own[:depth])).any():
        raise node.error(f"its indices leave its input, of shape {own}")
    outer = len(positions) - 1
    extents = positions[:-1] + own[depth:]
    loops = emit.dims(len(extents))
    columns, maps = [], []
    for n in range(depth):
        column = emit.extract(node.value(1), [0] * outer + [n], [*positions[:-1], 1])
        limit, type_ = own[n] - 1, emit.element_of(column)
        if found is None:
            column = emit.elementwise(
                lambda i: arith.minsi(arith.maxsi(i, emit.number(type_, 0)), emit.number(type_, limit)), type_, column
            )  # noqa: B023
        columns.append(column)
        maps.append([*loops[:outer], 0])
    return gathered(columns, maps, node.value(0), extents, lambda at, *indices: [*indices, *at[outer:]])


@operator("EMBEDDING_LOOKUP", of=1)
def embedding_lookup(node):
    table, ids = node.shape(1), node.shape(0)
    if len(ids) != 1 or not table:
        raise node.error(f"its ids have the shape {ids}, its table {table}")
    tensor_, result = node.inputs[1], node.outputs[0]
    source = node.real(1) if tensor_.is_quantized and result.dtype == "float32" else node.value(1)
    extents = ids + table[1:]
    return gathered(
        [_checked(node, 0, table[0])], [emit.dims(len(extents))[:1]], source, extents, lambda at, index: [index, *at[1:]]
    )


@operator("ONE_HOT", "int32", "int64", "uint8", "int8")
def one_hot(node):
    own, depth = node.shape(0), node.integers(1, "depth")[0]
    axis = node.axis(node.option("Axis", -1), len(own) + 1)
    on, off = (emit.reshape(node.value(n), []) for n in (2, 3))
    extents = [*own[:axis], depth, *own[axis:]]
    loops = emit.dims(len(extents))
    type_ = emit.element(node.outputs[0].dtype)

    def body(index, yes, no, _):
        number = arith.index_cast(index.type, emit.loop(axis))
        return arith.select(arith.cmpi(arith.CmpIPredicate.eq, index, number), yes, no)

    maps = [loops[:axis] + loops[axis + 1 :], [], []]
    return emit.generic([node.value(0), on, off], maps, emit.empty(extents, type_), body, "p" * len(extents))
