"""Arithmetic of elements, with broadcasting."""

import math

import numpy
from iree.compiler.dialects import arith

from .... import plane
from .. import emit, fixed_point, quantization
from ..registry import operator
from .arithmetic import activated_integers, folded

_NEARLY = 1e-3  # of the logarithm of a scale that counts as a power of two
_SHIFT = {"int8": 20, "uint8": 20, "int16": 15}  # of both sides, before they meet


@operator("ADD", "float32", "int8", "uint8", "int16", "int32", "int64")
def add(node):
    return _sum(node, numpy.add, arith.addf, arith.addi)


@operator("SUB", "float32", "int8", "uint8", "int16", "int32", "int64")
def sub(node):
    return _sum(node, numpy.subtract, arith.subf, arith.subi)


def _sum(node, fold, real, integer):
    found, type_ = folded(node, fold), emit.element(node.kind)
    if found is not None:
        return found
    if node.kind == "float32":
        return node.activated(emit.elementwise(real, type_, node.value(0), node.value(1)))
    if node.kind in ("int32", "int64"):
        return activated_integers(node, emit.elementwise(integer, type_, node.value(0), node.value(1)))
    return _power_of_two_sum(node, integer) or _quantized_sum(node, integer)


def _power_of_two_sum(node, integer):
    """add.cc and sub.cc, of int16 whose scales are powers of two, nearly (CheckedLog2()): one side is shifted to the other's scale,
    and the output's. None of any other."""
    tensors, output = [*node.inputs[:2], node.outputs[0]], node.outputs[0]
    if node.kind != "int16" or not node.option("PotScaleInt16", True) or any(t.zero for t in tensors):
        return None
    logs = [math.log2(node.scale(t)) for t in tensors]
    if any(abs(n - round(n)) >= _NEARLY for n in logs):
        return None
    shifts = [round(n) - round(logs[2]) for n in logs[:2]]
    if max(shifts) != 0:  # LiteRT takes none of these
        return None
    (low, high), type_ = node.activation_range(), emit.element(output.dtype)

    def body(*scalars):
        sides = [quantization.rounding_shift(quantization.widened(x, t), -n) for x, t, n in zip(scalars, tensors, shifts)]
        return arith.trunci(type_, emit.clamp(integer(*sides), low, high))

    return emit.elementwise(body, type_, node.value(0), node.value(1))


def _quantized_sum(node, integer):
    """tensorflow/lite/kernels/add.cc and sub.cc: both sides in units of twice the larger scale, then the output's."""
    (first, second), output = node.inputs[:2], node.outputs[0]
    shift, largest = _SHIFT[node.kind], 2 * max(node.scale(first), node.scale(second))
    factors = [quantization.multiplier(node.scale(t) / largest) for t in (first, second)]
    factor = quantization.multiplier(largest / (2**shift * node.scale(output)))
    low, high = node.activation_range()
    type_ = emit.element(output.dtype)
    short = node.kind != "int16" and _plane(node, factors, factor, low, high)
    if short:
        return emit.elementwise(lambda x, y: _on_plane(node, x, y, short, low, high), type_, node.value(0), node.value(1))

    def body(*scalars):
        sides = []
        for x, tensor, pair in zip(scalars, (first, second), factors):
            x = quantization.widened(x, tensor)
            x = arith.subi(x, emit.number(x.type, tensor.zero)) if tensor.zero else x
            x = arith.shli(x, emit.number(x.type, shift))
            sides.append(quantization.double_rounded(x, *pair))
        x = quantization.double_rounded(integer(*sides), *factor)
        x = arith.addi(x, emit.number(x.type, output.zero)) if output.zero else x
        return arith.trunci(type_, emit.clamp(x, low, high))

    return emit.elementwise(body, type_, node.value(0), node.value(1))


def _plane(node, factors, factor, low, high):
    """The same of 8 bits as `plane.find` has it; None where no plane is equal everywhere."""
    (first, second), output = node.inputs[:2], node.outputs[0]
    numbers = [numpy.arange(quantization.LIMITS[t.dtype][0], quantization.LIMITS[t.dtype][1] + 1) for t in (first, second)]
    sides = [
        fixed_point.rounded_twice((n - t.zero) << _SHIFT[node.kind], *f) for n, t, f in zip(numbers, (first, second), factors)
    ]
    sign = 1 if node.name == "ADD" else -1
    total = fixed_point.rounded_twice(sides[0][:, None] + sign * sides[1], *factor)
    slopes = node.scale(first) / node.scale(output), sign * node.scale(second) / node.scale(output)
    return plane.find(numpy.clip(total + output.zero, low, high), numbers[0], numbers[1], slopes=slopes, low=low, high=high)


def _on_plane(node, x, y, short, low, high):
    a, b, c, shift = short
    x, y = (quantization.widened(v, t) for v, t in zip((x, y), node.inputs))
    total = arith.addi(arith.muli(x, emit.number(x.type, a)), emit.number(x.type, c))
    total = arith.addi(total, arith.muli(y, emit.number(y.type, b)))
    total = arith.shrsi(total, emit.number(x.type, shift))
    return arith.trunci(emit.element(node.outputs[0].dtype), emit.clamp(total, low, high))
