"""Operators that leave axes out: sums, extremes, products, places of extremes; and running sums."""

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import emit, quantization
from ..registry import operator
from .arithmetic import centred, narrowed


def _axes(node):
    """(axes, the result's shape)."""
    own = node.shape(0)
    axes = sorted({node.axis(a, len(own)) for a in node.integers(1, "axes")})
    keep = node.option("KeepDims", False)
    return axes, [1 if n in axes else e for n, e in enumerate(own) if keep or n not in axes]


@operator("SUM", "float32", "int8", "uint8", "int16", "int32", "int64")
def sum_(node):
    axes, kept = _axes(node)
    known = node.constant(0)
    if known is not None and not node.inputs[0].is_quantized:
        return numpy.asarray(known.sum(tuple(axes), dtype=known.dtype)).reshape(kept)
    if node.kind in ("float32", "int32", "int64"):
        body = arith.addf if node.kind == "float32" else arith.addi
        return emit.reshape(emit.reduced(node.value(0), axes, 0, body), kept)
    source, output = node.inputs[0], node.outputs[0]
    total = emit.reduced(node.value(0), axes, 0, lambda x, so_far: arith.addi(centred(x, source), so_far), emit.i32())
    pair = quantization.multiplier(float(numpy.float32(node.scale(source)) / numpy.float32(node.scale(output))))
    limits = quantization.LIMITS[output.dtype]
    result = emit.elementwise(
        lambda x: narrowed(quantization.double_rounded(x, *pair), output, *limits), emit.element(output.dtype), total
    )
    return emit.reshape(result, kept)


_LIMITS = {
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


@operator("REDUCE_MAX REDUCE_MIN", "float32", "int8", "uint8", "int16", "int32", "int64")
def extreme(node):
    axes, kept = _axes(node)
    is_max = node.name == "REDUCE_MAX"
    known = node.constant(0)
    if known is not None:
        return numpy.asarray((known.max if is_max else known.min)(tuple(axes))).reshape(kept)
    if node.kind == "float32":
        start, body = (float("-inf"), arith.maximumf) if is_max else (float("inf"), arith.minimumf)
    else:
        signed, unsigned = (arith.maxsi, arith.maxui) if is_max else (arith.minsi, arith.minui)
        start, body = _LIMITS[node.kind][0 if is_max else 1], unsigned if node.kind == "uint8" else signed
    return emit.reshape(emit.reduced(node.value(0), axes, start, body), kept)


@operator("REDUCE_PROD", "float32", "int8", "int16", "int32")
def product(node):
    axes, kept = _axes(node)
    known = node.constant(0)
    if known is not None and not node.inputs[0].is_quantized:
        return numpy.asarray(known.prod(tuple(axes), dtype=known.dtype)).reshape(kept)
    if node.kind in ("float32", "int32"):
        body = arith.mulf if node.kind == "float32" else arith.muli
        return emit.reshape(emit.reduced(node.value(0), axes, 1, body), kept)
    return emit.reshape(_quantized_product(node, axes), kept)


def _quantized_product(node, axes):
    """kernels/internal/reference/reduce.h: each step is scaled so that all of them give the output's scale."""
    source, output, own = node.inputs[0], node.outputs[0], node.shape(0)
    count = int(numpy.prod([own[a] for a in axes]))
    factor = quantization.multiplier(node.scale(source) / node.scale(output) ** (1 / count))
    order = [n for n in range(len(own)) if n not in axes] + list(axes)
    value = emit.transpose(node.value(0), order)
    rest = [own[n] for n in range(len(own)) if n not in axes]
    value = emit.reshape(value, [*rest, count])
    total = None
    for n in range(count):
        part = emit.reshape(emit.extract(value, [0] * len(rest) + [n], [*rest, 1]), rest)
        part = emit.elementwise(lambda x: centred(x, source), emit.i32(), part)
        total = part if total is None else emit.elementwise(lambda a, b: _times(a, b, factor), emit.i32(), total, part)
    total = emit.elementwise(lambda x: _times(x, emit.number(emit.i32(), 1), factor), emit.i32(), total)
    limits = quantization.LIMITS[output.dtype]
    return emit.elementwise(lambda x: narrowed(x, output, *limits), emit.element(output.dtype), total)


def _times(a, b, factor):
    wide = emit.i64()
    return quantization.wide(arith.muli(arith.extsi(wide, a), arith.extsi(wide, b)), *factor)


@operator("REDUCE_ANY REDUCE_ALL", "bool")
def logical(node):
    axes, kept = _axes(node)
    start, body = (False, arith.ori) if node.name == "REDUCE_ANY" else (True, arith.andi)
    return emit.reshape(emit.reduced(node.value(0), axes, start, body), kept)


@operator("ARG_MAX ARG_MIN", "float32", "int8", "uint8", "int32")
def place_of_extreme(node):
    """The first place of the extreme: a reduction of pairs."""
    own = node.shape(0)
    axis = node.axis(node.integers(1, "axis")[0], len(own))
    is_max, type_ = node.name == "ARG_MAX", emit.element(node.outputs[0].dtype)
    value = node.value(0)
    if node.kind == "float32":
        compare, predicate = arith.cmpf, arith.CmpFPredicate.OGT if is_max else arith.CmpFPredicate.OLT
        start = float("-inf") if is_max else float("inf")
    else:
        names = ("ugt", "ult") if node.kind == "uint8" else ("sgt", "slt")
        compare, predicate = arith.cmpi, getattr(arith.CmpIPredicate, names[0 if is_max else 1])
        start = _LIMITS[node.kind][0 if is_max else 1]

    def body(x, best, place):
        number = arith.index_cast(type_, emit.loop(axis))
        is_better = compare(predicate, x, best)
        return arith.select(is_better, x, best), arith.select(is_better, number, place)

    kept = [n for n in range(len(own)) if n != axis]
    rest = [own[n] for n in kept]
    loops = emit.dims(len(own))
    starts = [emit.filled(rest, emit.element_of(value), start), emit.filled(rest, type_, 0)]
    return pairs(value, [loops[n] for n in kept], starts, body, "".join("r" if n == axis else "p" for n in range(len(own))))


def pairs(value, output, starts, body, kinds):
    """The second result of a linalg.generic with two: body(element, first so far, second so far) gives both."""
    count = len(kinds)
    maps = [ir.AffineMap.get(count, 0, m) for m in (emit.dims(count), output, output)]
    attributes = {
        "indexing_maps": ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in maps]),
        "iterator_types": ir.ArrayAttr.get(
            [ir.Attribute.parse(f"#linalg.iterator_type<{'parallel' if k == 'p' else 'reduction'}>") for k in kinds]
        ),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 2]),
    }
    op = ir.Operation.create("linalg.generic", [s.type for s in starts], [value, *starts], attributes, regions=1)
    block = op.regions[0].blocks.append(*(emit.element_of(v) for v in (value, *starts)))
    with ir.InsertionPoint(block):
        ir.Operation.create("linalg.yield", [], list(body(*block.arguments)))
    return op.results[1]


@operator("CUMSUM", "float32", "int32", "int64")
def running_sum(node):
    """A product with a triangle of ones: a few more additions than needed, but no loop that carries state."""
    own = node.shape(0)
    axis = node.axis(node.integers(1, "axis")[0], len(own))
    is_exclusive, is_reverse = node.option("Exclusive", False), node.option("Reverse", False)
    value = node.value(0)
    loops = emit.dims(len(own) + 1)
    source = [loops[-1] if n == axis else d for n, d in enumerate(loops[:-1])]
    type_ = emit.element_of(value)
    add = arith.addf if node.kind == "float32" else arith.addi
    names = ("slt", "sle") if not is_reverse else ("sgt", "sge")
    predicate = getattr(arith.CmpIPredicate, names[0 if is_exclusive else 1])

    def body(x, so_far):
        is_in = arith.cmpi(predicate, emit.loop(len(own)), emit.loop(axis))
        return add(so_far, arith.select(is_in, x, emit.number(type_, 0)))

    return emit.generic([value], [source], emit.filled(own, type_, 0), body, "p" * len(own) + "r", loops[:-1])
