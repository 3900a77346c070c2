"""RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: which elements, with which weights, is known when the model is imported."""

import numpy
from iree.compiler.dialects import arith

from .. import emit
from ..registry import operator
from .gathering import gathered

_KINDS = ("float32", "int8", "uint8", "int16")


def _sizes(node):
    """(the input's height and width, the output's)."""
    own, wanted = node.shape(0), node.integers(1, "size")
    if len(own) != 4 or len(wanted) != 2 or min(wanted) < 1:
        raise node.error(f"its input has the shape {own}, its size is {wanted}")
    return own[1:3], wanted


@operator("RESIZE_NEAREST_NEIGHBOR")
def nearest(node):
    own, wanted = _sizes(node)
    columns = [_nearest(node, size, out) for size, out in zip(own, wanted)]
    batch, _, _, depth = node.shape(0)
    _, row, column, _ = emit.dims(4)
    places = [emit.constant(c.astype("i4")) for c in columns]
    return gathered(places, [[row], [column]], node.value(0), [batch, *wanted, depth], lambda at, y, x: [at[0], y, x, at[3]])


def _nearest(node, size, out):
    """Which of size elements each of out is: kernels/internal/reference/resize_nearest_neighbor.h, in floats."""
    is_aligned, is_half = node.option("AlignCorners", False), node.option("HalfPixelCenters", False)
    single = numpy.float32
    scale = single(size - 1) / single(out - 1) if is_aligned and out > 1 else single(size) / single(out)
    places = (numpy.arange(out).astype("f4") + single(0.5 if is_half else 0)) * scale
    places = numpy.floor(places + single(0.5)) if is_aligned else numpy.floor(places)
    return numpy.clip(places, 0, size - 1)


@operator("RESIZE_BILINEAR", *_KINDS)
def bilinear(node):
    own, wanted = _sizes(node)
    batch, _, _, depth = node.shape(0)
    is_integer = node.kind in ("int8", "int16")
    sides = [(_fixed if is_integer else _real)(node, size, out) for size, out in zip(own, wanted)]
    _, row, column, _ = emit.dims(4)

    def neighbours(y, x):
        places = [emit.constant(sides[0][y].astype("i4")), emit.constant(sides[1][x].astype("i4"))]
        return gathered(places, [[row], [column]], node.value(0), [batch, *wanted, depth], lambda at, i, j: [at[0], i, j, at[3]])

    parts = [neighbours(y, x) for y in (0, 1) for x in (0, 1)]
    shares = [emit.constant(sides[0][2].reshape(-1, 1, 1)), emit.constant(sides[1][2].reshape(-1, 1))]
    body = _blend_integers if is_integer else _blend_reals(node)
    return emit.elementwise(body, emit.element(node.kind), *parts, *shares)


def _real(node, size, out):
    """(lower neighbour, upper, share of the upper) along an axis, in floats: ComputeInterpolationValues()."""
    is_aligned, is_half, single = node.option("AlignCorners", False), node.option("HalfPixelCenters", False), numpy.float32
    scale = single(size - 1) / single(out - 1) if is_aligned and out > 1 else single(size) / single(out)
    places = numpy.arange(out).astype("f4")
    places = (places + single(0.5)) * scale - single(0.5) if is_half else places * scale
    lower, upper = numpy.maximum(numpy.floor(places), 0), numpy.minimum(numpy.ceil(places), size - 1)
    return lower, upper, places - lower


def _blend_reals(node):
    """The scalars of the neighbours and shares to the result; uint8 rounds half up."""
    is_byte = node.kind == "uint8"

    def body(top_left, top_right, bottom_left, bottom_right, down, across):
        corners = [top_left, top_right, bottom_left, bottom_right]
        if is_byte:
            corners = [arith.uitofp(emit.f32(), c) for c in corners]
        one = emit.number(emit.f32(), 1)
        up, left = arith.subf(one, down), arith.subf(one, across)
        shares = [arith.mulf(a, b) for a, b in ((up, left), (up, across), (down, left), (down, across))]
        terms = [arith.mulf(c, s) for c, s in zip(corners, shares)]
        total = arith.addf(arith.addf(terms[0], terms[2]), arith.addf(terms[1], terms[3]))
        if is_byte:
            total = arith.fptoui(emit.i32(), arith.addf(total, emit.number(emit.f32(), 0.5)))
            return arith.trunci(emit.i8(), total)
        return total

    return body


def _fixed(node, size, out):
    """(lower neighbour, upper, share of the upper in 1024ths) along an axis: ResizeBilinearInteger()."""
    is_aligned, is_half = node.option("AlignCorners", False), node.option("HalfPixelCenters", False)
    scale = ((size - 1 << 10) + (out - 1) // 2) // (out - 1) if is_aligned and out > 1 else ((size << 10) + out // 2) // out
    places = numpy.arange(out, dtype="i8") * scale + (scale // 2 - 512 if is_half else 0)
    lower = numpy.maximum(numpy.trunc(places / 1024).astype("i8"), 0)
    upper = numpy.minimum(numpy.trunc((places + 1023) / 1024).astype("i8"), size - 1)
    return lower, upper, (places - 1024 * lower).astype("i4")


def _blend_integers(top_left, top_right, bottom_left, bottom_right, down, across):
    type_, corners = top_left.type, (top_left, top_right, bottom_left, bottom_right)
    wide = emit.i64()
    full = emit.number(wide, 1024)
    down, across = (arith.extsi(wide, v) for v in (down, across))
    up, left = arith.subi(full, down), arith.subi(full, across)
    total = None
    for corner, a, b in zip(corners, (up, up, down, down), (left, across, left, across)):
        term = arith.muli(arith.muli(a, b), arith.extsi(wide, corner))
        total = term if total is None else arith.addi(total, term)
    half = emit.number(wide, 1 << 19)
    is_positive = arith.cmpi(arith.CmpIPredicate.sgt, total, emit.number(wide, 0))
    total = arith.select(is_positive, arith.addi(total, half), arith.subi(total, half))
    return arith.trunci(type_, arith.divsi(total, emit.number(wide, 1 << 20)))
