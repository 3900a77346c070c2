"""SVDF: a product with features, then one with the last results in time, kept from call to call."""

import numpy
from iree.compiler.dialects import arith

from .. import emit, quantization, rescale
from ..registry import operator
from .conv import multiply_add


@operator("SVDF", "float32", "int8")
def svdf(node):
    """kernels/internal/reference/svdf.h; state [batch, filters * memory], int16 or, as TensorFlow Lite Micro has it, int8."""
    rank, (batch, depth), filters, memory = node.option("Rank", 1), node.shape(0), node.shape(1)[0], node.shape(2)[1]
    if rank < 1 or filters % rank or node.shape(1)[1] != depth or node.shape(2)[0] != filters:
        raise node.error(
            f"its rank is {rank}, its weights of features {node.shape(1)}, of time {node.shape(2)}, its input {node.shape(0)}"
        )
    variable = node.state(4, [batch, filters * memory])
    state = emit.reshape(variable.read(), [batch, filters, memory])
    features = _features(node, batch, filters) if node.kind == "int8" else _real_features(node, batch, filters)
    newest = emit.reshape(features, [batch, filters, 1])
    state = emit.concatenate([emit.extract(state, [0, 0, 1], [batch, filters, memory - 1]), newest], 2) if memory > 1 else newest
    variable.write(emit.reshape(state, [batch, filters * memory]))
    state = emit.reshape(state, [batch, filters // rank, rank, memory])
    if node.kind == "float32":
        weights = emit.constant(node.real_array(2).reshape(filters // rank, rank, memory))
        sums = _over_time(state, weights, emit.f32(), 0)
        return node.activated(emit.elementwise(arith.addf, emit.f32(), sums, node.real(3)) if node.has(3) else sums)
    zero = node.inputs[4].zero
    weights = emit.constant(node.array(2).reshape(filters // rank, rank, memory))
    sums = _over_time(state, weights, emit.i32(), zero)
    scale = _product(node.inputs[4], node.inputs[2], node.outputs[0])
    return rescale.requantize(node, sums, [scale], node.array(3) if node.has(3) else None, quantization.LIMITS["int8"])


def _product(first, second, output):
    """The scales as the kernel multiplies them: float32."""
    return float(numpy.float32(first.scale) * numpy.float32(second.scale) / numpy.float32(output.scale))


def _matrix(x, weights, type_):
    n, channel, inner = emit.dims(3)
    start = emit.filled([emit.shape(x)[0], emit.shape(weights)[0]], type_, 0)
    return emit.generic([x, weights], [[n, inner], [channel, inner]], start, multiply_add, "ppr")


def _real_features(node, batch, filters):
    return _matrix(node.value(0), node.real(1), emit.f32())


def _features(node, batch, filters):
    source, state = node.inputs[0], node.inputs[4]
    weights = node.array(1)
    sums = _matrix(node.value(0), emit.constant(weights), emit.i32())
    bias = emit.constant((-source.zero * weights.astype("i8").sum(1)).astype("i4"))
    pair = quantization.multiplier(_product(source, node.inputs[1], state))
    low, high = quantization.LIMITS[state.dtype]

    def body(x, offset):
        x = quantization.double_rounded(arith.addi(x, offset), *pair)
        x = emit.clamp(x, low, high)
        x = arith.addi(x, emit.number(x.type, state.zero)) if state.zero else x
        return arith.trunci(emit.element(state.dtype), x)

    return emit.elementwise(body, emit.element(state.dtype), sums, bias)


def _over_time(state, weights, type_, zero):
    """[batch, units]: the sums of state * weights over rank and time."""
    batch, units, rank, memory = emit.shape(state)
    n, unit, inner, time = emit.dims(4)

    def body(x, weight, total):
        if zero:
            x = arith.subi(arith.extsi(type_, x), emit.number(type_, zero))
        return multiply_add(x, weight, total)

    return emit.generic(
        [state, weights], [[n, unit, inner, time], [unit, inner, time]], emit.filled([batch, units], type_, 0), body, "pprr"
    )
