"""Shorthand for the operations that an imported model consists of, at the current insertion point.

Values are ranked tensors of static shape, and within the bodies of `generic` and `elementwise` scalars.
Integers are signless: a uint8 tensor is of i8, and what reads it has to know.
"""

import math

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith, tensor

_INTEGERS = {"bool": 1} | {f"{sign}int{width}": width for sign in ("", "u") for width in (8, 16, 32, 64)}
_FLOATS = {"float16": ir.F16Type, "float32": ir.F32Type, "float64": ir.F64Type}


def element(dtype):
    """The element type for a name of TensorFlow Lite's, as in "int8"; None where there is none."""
    if dtype in _FLOATS:
        return _FLOATS[dtype].get()
    return ir.IntegerType.get_signless(_INTEGERS[dtype]) if dtype in _INTEGERS else None


def i8():
    return element("int8")


def i32():
    return element("int32")


def i64():
    return element("int64")


def f32():
    return element("float32")


def shape(value):
    """The shape of a value as a list."""
    return list(ir.RankedTensorType(value.type).shape)


def element_of(value):
    """The element type of a value."""
    return ir.RankedTensorType(value.type).element_type


def number(type_, value):
    """A scalar constant; an integer is taken modulo the type's width."""
    if isinstance(type_, ir.IntegerType):
        half = 1 << (type_.width - 1)
        return arith.constant(type_, value if type_.width == 1 else (int(value) + half) % (2 * half) - half)
    return arith.constant(type_, float(value))


def attribute(array):
    """A tensor's content as an attribute; array: of a type that `element` knows."""
    array = numpy.asarray(array)
    array = numpy.ascontiguousarray(array.astype(array.dtype.newbyteorder("="))).reshape(array.shape)
    type_ = ir.RankedTensorType.get(array.shape, element(array.dtype.name))
    if not array.size:
        return ir.DenseElementsAttr.get([], type_)
    if array.size == 1 or (array.dtype == bool and (array == array.flat[0]).all()):
        return ir.DenseElementsAttr.get_splat(type_, _scalar(type_.element_type, array.flat[0]))
    if array.dtype == bool:
        return ir.DenseElementsAttr.get(
            numpy.packbits(array, axis=None, bitorder="little"), type=type_.element_type, shape=array.shape
        )
    if array.dtype.kind == "u":
        array = array.view(f"i{array.itemsize}")
    return ir.DenseElementsAttr.get(array, type=type_.element_type, shape=array.shape)


def _scalar(type_, value):
    if isinstance(type_, ir.IntegerType):
        half = 1 << (type_.width - 1)
        return ir.IntegerAttr.get(type_, int(value) if type_.width == 1 else (int(value) + half) % (2 * half) - half)
    return ir.FloatAttr.get(type_, float(value))


def constant(array):
    """A tensor that is known."""
    content = attribute(array)
    return ir.Operation.create("arith.constant", [content.type], attributes={"value": content}).result


def empty(extents, type_):
    return tensor.empty(list(extents), type_)


def filled(extents, type_, value):
    """A tensor of one number (or a scalar value)."""
    value = value if isinstance(value, ir.Value) else number(type_, value)
    result = ir.RankedTensorType.get(list(extents), type_)
    op = ir.Operation.create(
        "linalg.fill", [result], [value, empty(extents, type_)], {"operandSegmentSizes": _segments(1, 1)}, regions=1
    )
    block = op.regions[0].blocks.append(type_, type_)
    with ir.InsertionPoint(block):
        ir.Operation.create("linalg.yield", [], [block.arguments[0]])
    return op.result


def _segments(*sizes):
    return ir.DenseI32ArrayAttr.get(list(sizes))


def _i64s(values):
    return ir.DenseI64ArrayAttr.get([int(v) for v in values])


def dims(count):
    """The loops d0, d1, … as affine expressions, for maps."""
    return [ir.AffineDimExpr.get(n) for n in range(count)]


def generic(inputs, maps, initial, body, kinds, output=None):
    """A linalg.generic; its result.

    inputs: values. maps: for each input the affine expressions (or numbers) that index it; output: those for the
    result, all loops that are no reductions if left out. initial: the value that the result starts as.
    kinds: "p" for each parallel loop, "r" for each reduction, as in "ppr".
    body(*scalars of the inputs, the result's so far) gives the scalar to store.
    """
    count = len(kinds)
    if output is None:
        output = [d for d, kind in zip(dims(count), kinds) if kind == "p"]
    affine = [ir.AffineMap.get(count, 0, [_expression(e) for e in m]) for m in [*maps, output]]
    attributes = {
        "indexing_maps": ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in affine]),
        "iterator_types": ir.ArrayAttr.get(
            [ir.Attribute.parse(f"#linalg.iterator_type<{'parallel' if k == 'p' else 'reduction'}>") for k in kinds]
        ),
        "operandSegmentSizes": _segments(len(inputs), 1),
    }
    op = ir.Operation.create("linalg.generic", [initial.type], [*inputs, initial], attributes, regions=1)
    block = op.regions[0].blocks.append(*(element_of(v) for v in [*inputs, initial]))
    with ir.InsertionPoint(block):
        ir.Operation.create("linalg.yield", [], [body(*block.arguments)])
    return op.result


def loop(number):
    """Within the body of `generic`, the number of that loop's step, of type index."""
    attribute = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), number)
    return ir.Operation.create("linalg.index", [ir.IndexType.get()], [], {"dim": attribute}).result


def _expression(e):
    return ir.AffineConstantExpr.get(e) if isinstance(e, int) else e


def elementwise(body, type_, *values):
    """body(scalars) for the elements of values, which broadcast as NumPy's arrays do; a value of elements of type_."""
    extents = list(numpy.broadcast_shapes(*(shape(v) for v in values)))
    loops = dims(len(extents))
    maps = []
    for value in values:
        own = shape(value)
        maps.append(
            [
                0 if n == 1 and e != 1 else d
                for n, e, d in zip(own, extents[len(extents) - len(own) :], loops[len(loops) - len(own) :])
            ]
        )
    return generic(values, maps, empty(extents, type_), lambda *scalars: body(*scalars[:-1]), "p" * len(extents))


def reduced(value, axes, initial, body, type_=None):
    """value without axes (numbers): the results of body(element, so far), which starts as the number initial."""
    own, type_ = shape(value), type_ or element_of(value)
    loops = dims(len(own))
    kept = [n for n in range(len(own)) if n not in axes]
    start = filled([own[n] for n in kept], type_, initial)
    kinds = "".join("r" if n in axes else "p" for n in range(len(own)))
    return generic([value], [loops], start, body, kinds, [loops[n] for n in kept])


def reshape(value, extents):
    """value with another shape, of as many elements."""
    own, extents = shape(value), [int(e) for e in extents]
    if own == extents:
        return value
    groups = _groups(own, extents)
    if groups is None:  # by way of one dimension
        return reshape(reshape(value, [math.prod(own)]), extents)
    finer, coarser = groups
    type_ = ir.RankedTensorType.get(extents, element_of(value))
    if finer is None:
        return ir.Operation.create("tensor.collapse_shape", [type_], [value], {"reassociation": _reassociation(coarser)}).result
    attributes = {"reassociation": _reassociation(finer), "static_output_shape": _i64s(extents)}
    return ir.Operation.create("tensor.expand_shape", [type_], [value], attributes).result


def _reassociation(groups):
    i64_ = ir.IntegerType.get_signless(64)
    return ir.ArrayAttr.get([ir.ArrayAttr.get([ir.IntegerAttr.get(i64_, n) for n in group]) for group in groups])


def _groups(own, extents):
    """(groups of extents for each own, None), (None, groups of own for each of extents), or None."""
    if len(extents) >= len(own):
        split = _split(own, extents)
        return split and (split, None)
    split = _split(extents, own)
    return split and (None, split)


def _split(coarse, fine):
    """For each extent of coarse the numbers of those of fine that make it up; None where none do."""
    if 0 in coarse:
        return None if coarse else []
    if not coarse:
        return [] if all(e == 1 for e in fine) else None
    groups, at = [], 0
    for position, extent in enumerate(coarse):
        group, size = [], 1
        while at < len(fine) and (not group or size < extent):
            size *= fine[at]
            group.append(at)
            at += 1
        if size != extent:
            return None
        last = position == len(coarse) - 1
        while (
            at < len(fine)
            and fine[at] == 1
            and (last or (coarse[position + 1] != 1 and len(fine) - at > len(coarse) - position - 1))
        ):
            group.append(at)
            at += 1
        groups.append(group)
    return groups if at == len(fine) and all(groups) else None


def transpose(value, permutation):
    """value with its axes in another order, as numpy.transpose."""
    if list(permutation) == list(range(len(permutation))):
        return value
    own = shape(value)
    loops = dims(len(own))
    source = [None] * len(own)
    for position, axis in enumerate(permutation):
        source[axis] = loops[position]
    return generic([value], [source], empty([own[a] for a in permutation], element_of(value)), lambda x, _: x, "p" * len(own))


def pad(value, low, high, fill):
    """value with low and high more elements, of the number fill, before and behind on each axis."""
    if not any(low) and not any(high):
        return value
    extents = [a + n + b for a, n, b in zip(low, shape(value), high)]
    type_ = element_of(value)
    filler = fill if isinstance(fill, ir.Value) else number(type_, fill)
    attributes = {"static_low": _i64s(low), "static_high": _i64s(high), "operandSegmentSizes": _segments(1, 0, 0)}
    op = ir.Operation.create("tensor.pad", [ir.RankedTensorType.get(extents, type_)], [value], attributes, regions=1)
    block = op.regions[0].blocks.append(*[ir.IndexType.get()] * len(extents))
    with ir.InsertionPoint(block):
        ir.Operation.create("tensor.yield", [], [filler])
    return op.result


def row(value, number):
    """The part of value at number, an index that is computed, of its first axis; without that axis."""
    sizes = shape(value)
    type_ = ir.RankedTensorType.get(sizes[1:], element_of(value))
    attributes = _dynamic_first(sizes, 1, 0)
    return ir.Operation.create("tensor.extract_slice", [type_], [value, number], attributes).result


def put_row(part, value, number):
    """value with part at number, an index that is computed, of its first axis."""
    attributes = _dynamic_first(shape(value), 1, 1)
    return ir.Operation.create("tensor.insert_slice", [value.type], [part, value, number], attributes).result


def _dynamic_first(sizes, count, parts):
    rest = sizes[1:]
    return {
        "static_offsets": _i64s([ir.ShapedType.get_dynamic_stride_or_offset(), *[0] * len(rest)]),
        "static_sizes": _i64s([1, *rest]),
        "static_strides": _i64s([1] * len(sizes)),
        "operandSegmentSizes": _segments(*[1] * parts, 1, count, 0, 0),
    }


def extract(value, offsets, sizes, strides=None):
    """A part of value, a box of sizes; strides positive."""
    strides = strides or [1] * len(sizes)
    if list(sizes) == shape(value) and not any(offsets):
        return value
    type_ = ir.RankedTensorType.get([int(s) for s in sizes], element_of(value))
    attributes = {
        "static_offsets": _i64s(offsets),
        "static_sizes": _i64s(sizes),
        "static_strides": _i64s(strides),
        "operandSegmentSizes": _segments(1, 0, 0, 0),
    }
    return ir.Operation.create("tensor.extract_slice", [type_], [value], attributes).result


def insert(part, value, offsets):
    """value with part in it from offsets on."""
    sizes = shape(part)
    attributes = {
        "static_offsets": _i64s(offsets),
        "static_sizes": _i64s(sizes),
        "static_strides": _i64s([1] * len(sizes)),
        "operandSegmentSizes": _segments(1, 1, 0, 0, 0),
    }
    return ir.Operation.create("tensor.insert_slice", [value.type], [part, value], attributes).result


def concatenate(values, axis):
    if len(values) == 1:
        return values[0]
    extents = shape(values[0])
    extents[axis] = sum(shape(v)[axis] for v in values)
    result, at = empty(extents, element_of(values[0])), 0
    for value in values:
        result = insert(value, result, [at if n == axis else 0 for n in range(len(extents))])
        at += shape(value)[axis]
    return result


def clamp(x, low, high):
    """The integer scalar x within numbers; a limit that its type has anyway is left out."""
    half = 1 << (x.type.width - 1)
    x = arith.maxsi(x, number(x.type, low)) if low > -half else x
    return arith.minsi(x, number(x.type, high)) if high < half - 1 else x


def saturated(x, low, high, type_):
    """The integer scalar x within numbers, as a smaller type."""
    x = clamp(x, low, high)
    return x if x.type == type_ else arith.trunci(type_, x)


def looked_up(table, indices):
    """The elements of table, an array of one dimension, at indices, a value of i32 within it."""
    known = constant(table)

    def body(number):
        return tensor.extract(known, [arith.index_cast(ir.IndexType.get(), number)])

    return elementwise(body, element_of(known), indices)
