"""Shorthand for the operations that rewritten kernels consist of, at the current insertion point."""

import itertools

from iree.compiler import ir
from iree.compiler.dialects import arith, llvm, scf, tensor, vector


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


def empty(shape, element):
    return tensor.empty(shape, element)


def table(array):
    """A constant of the function, an array of one dimension."""
    attribute = ir.DenseElementsAttr.get(array)
    return _create("arith.constant", attribute.type, [], value=attribute)


def load(array, *indices):
    return tensor.extract(array, list(indices))


def store(value, array, *indices):
    """array with value in it."""
    return tensor.insert(value, array, list(indices))


def load_lanes(array, lanes, *indices):
    """Neighbours of an array of small integers as a vector."""
    last, element = ir.AffineMap.get_minor_identity(len(indices), 1), array.type.element_type
    zero = arith.constant(element, 0)
    return vector.TransferReadOp(ir.VectorType.get([lanes], element), array, list(indices), last, zero, [True]).result


def store_lanes(lanes, array, *indices):
    """array with a vector of i8 in it."""
    last = ir.AffineMap.get_minor_identity(len(indices), 1)
    return vector.TransferWriteOp(array.type, lanes, array, list(indices), last, [True]).result


def lanes_of(value, lanes):
    """A vector that has a value in each of its lanes."""
    return vector.broadcast(ir.VectorType.get([lanes], value.type), value)


def widened_lanes(lanes):
    """A vector of i8 as one of words."""
    return arith.extsi(ir.VectorType.get(lanes.type.shape, i32()), lanes)


def narrowed_lanes(lanes):
    """A vector of words as one of i8."""
    return arith.trunci(ir.VectorType.get(lanes.type.shape, i8()), lanes)


def high_products(a, b):
    """The high words of the products of four words each, on a core with MVE."""
    return llvm.call_intrinsic(a.type, "llvm.arm.mve.vmulh.v4i32", [a, b, word(0)], [], [])


def load_word(array, *indices):
    """Neighbours of an array of i8 (four) or i16 (two) as one word."""
    one = ir.VectorType.get([1], i32())
    return vector.extract(vector.bitcast(one, load_lanes(array, 32 // array.type.element_type.width, *indices)), [], [0])


def multiply_add(a, b, total):
    return arith.addi(total, arith.muli(a, b))


def multiply_add_floats(a, b, total):
    return arith.addf(total, arith.mulf(a, b))


def high_product(a, b):
    """The high word of the product of two words."""
    i64 = ir.IntegerType.get_signless(64)
    product = arith.muli(arith.extsi(i64, a), arith.extsi(i64, b))
    return arith.trunci(i32(), arith.shrsi(product, arith.constant(i64, 32)))


def dot(a, b, total):
    """total with the products of two vectors of small integers."""
    wide = ir.VectorType.get(a.type.shape, i32())
    products = arith.muli(arith.extsi(wide, a), arith.extsi(wide, b))
    return vector.reduction(i32(), vector.CombiningKind.ADD, products, acc=total)


def sum_of_lanes(lanes, total):
    """total with all lanes of a vector of i8."""
    return vector.reduction(i32(), vector.CombiningKind.ADD, widened_lanes(lanes), acc=total)


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


def address(array):
    """The address, as a word, of an array of one dimension that the function itself has made."""
    buffer = ir.Type.parse(f"memref<{array.type.shape[0]}x{array.type.element_type}>")
    place = _create("bufferization.to_buffer", buffer, [array], read_only=ir.UnitAttr.get())
    return arith.index_cast(i32(), _create("memref.extract_aligned_pointer_as_index", ir.IndexType.get(), [place]))


def advance(place, count):
    """An address count bytes further."""
    return arith.addi(place, word(count))


def advance_by(place, count):
    """An address count (an index) bytes further."""
    return arith.addi(place, arith.index_cast(i32(), count))


def word_at(base, offset):
    """The word at address base + offset."""
    return _loaded(i32(), base, offset)


def _loaded(type_, base, offset, **how):
    pointer, i64 = ir.Type.parse("!llvm.ptr"), ir.IntegerType.get_signless(64)
    place = _create("llvm.inttoptr", pointer, [base])
    constant = {"rawConstantIndices": ir.DenseI32ArrayAttr.get([offset]), "elem_type": ir.TypeAttr.get(i8())}
    place = _create("llvm.getelementptr", pointer, [place], noWrapFlags=ir.IntegerAttr.get(i32(), 0), **constant)
    number = {name: ir.IntegerAttr.get(i64, value) for name, value in (("ordering", 0), ("alignment", 4))}
    return _create("llvm.load", type_, [place], **number, **how)


def lanes_at(base, offset, lanes, type_=None):
    """Neighbours at address base + offset, of words where type_ is not given, as a vector; the address is one of a word."""
    return _loaded(ir.VectorType.get([lanes], type_ or i32()), base, offset)


def two_words(base, offset):
    """The words at address base + offset and after it, by one LDRD: LLVM keeps volatile loads whole."""
    i64 = ir.IntegerType.get_signless(64)
    both = _loaded(i64, base, offset, volatile_=ir.UnitAttr.get())
    return arith.trunci(i32(), both), arith.trunci(i32(), arith.shrui(both, arith.constant(i64, 32)))


def assembly(text, constraints, types, operands, is_pure=False):
    """The results, of these types by name, of inline assembly. is_pure: whether nothing else comes of it."""
    dialect = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 0)
    strings = {"asm_string": ir.StringAttr.get(text), "constraints": ir.StringAttr.get(constraints)}
    if not is_pure:
        strings["has_side_effects"] = ir.UnitAttr.get()
    made = ir.Type.parse(f"!llvm.struct<({','.join(types)})>" if len(types) > 1 else types[0])
    result = _create("llvm.inline_asm", made, operands, asm_dialect=dialect, **strings)
    if len(types) == 1:
        return [result]
    return [llvm.extractvalue(ir.Type.parse(t), result, ir.DenseI64ArrayAttr.get([n])) for n, t in enumerate(types)]


def _create(name, type_, operands, **attributes):
    return ir.Operation.create(name, [type_], operands, attributes).result


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


def hidden(value):
    """A word of which LLVM does not see where it comes from."""
    return assembly("", "=r,0", ["i32"], [value], is_pure=True)[0]


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
