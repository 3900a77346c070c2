"""BATCH_MATMUL: products of matrices, either of which may be computed."""

import numpy
from iree.compiler.dialects import arith

from .. import emit, quantization, rescale
from ..registry import operator
from .conv import multiply_add


@operator("BATCH_MATMUL", "float32", "int8", "int16")
def batch_matmul(node):
    left, right = node.shape(0), node.shape(1)
    if min(len(left), len(right)) < 2:
        raise node.error(f"its inputs have the shapes {left} and {right}")
    flips = [node.option("AdjX", False), node.option("AdjY", False)]
    (rows, depth), (deep, columns) = (s[-2:][::-1] if f else s[-2:] for s, f in zip((left, right), flips))
    if depth != deep:
        raise node.error(f"its inputs have the shapes {left} and {right}, which do not fit")
    try:
        batch = list(numpy.broadcast_shapes(tuple(left[:-2]), tuple(right[:-2])))
    except ValueError as error:
        raise node.error(f"its inputs have the shapes {left} and {right}, which do not fit") from error
    loops = emit.dims(len(batch) + 3)
    row, column, inner = loops[len(batch) :]
    maps = []
    for own, pair, flip in zip((left, right), ((row, inner), (inner, column)), flips):
        outer = loops[len(batch) - len(own) + 2 : len(batch)]
        maps.append([0 if e == 1 else d for e, d in zip(own[:-2], outer)] + list(pair[::-1] if flip else pair))
    if node.kind == "float32":
        values = [node.real(0), node.real(1)]
        start = emit.filled([*batch, rows, columns], emit.f32(), 0)
        return emit.generic(values, maps, start, multiply_add, "p" * (len(batch) + 2) + "r")
    return _quantized(node, maps, [*batch, rows, columns])


def _quantized(node, maps, extents):
    type_ = emit.i64() if node.kind == "int16" else emit.i32()
    tensors, output = node.inputs[:2], node.outputs[0]

    def body(a, b, total):
        sides = []
        for x, tensor in zip((a, b), tensors):
            x = arith.extsi(type_, x)
            sides.append(arith.subi(x, emit.number(type_, tensor.zero)) if tensor.zero else x)
        return arith.addi(total, arith.muli(*sides))

    sums = emit.generic([node.value(0), node.value(1)], maps, emit.filled(extents, type_, 0), body, "p" * len(extents) + "r")
    scale = node.scale(tensors[0]) * node.scale(tensors[1]) / node.scale(output)
    return rescale.scaled(sums, [scale], None, output.zero, quantization.LIMITS[output.dtype], output.dtype)
