"""Comparisons, logic, and what chooses by it; all with broadcasting."""

import numpy
from iree.compiler.dialects import arith

from .. import emit, quantization
from ..registry import operator

_INTEGERS = arith.CmpIPredicate
_PREDICATES = {
    "EQUAL": (numpy.equal, "eq", "eq", arith.CmpFPredicate.OEQ),
    "NOT_EQUAL": (numpy.not_equal, "ne", "ne", arith.CmpFPredicate.UNE),
    "LESS": (numpy.less, "slt", "ult", arith.CmpFPredicate.OLT),
    "LESS_EQUAL": (numpy.less_equal, "sle", "ule", arith.CmpFPredicate.OLE),
    "GREATER": (numpy.greater, "sgt", "ugt", arith.CmpFPredicate.OGT),
    "GREATER_EQUAL": (numpy.greater_equal, "sge", "uge", arith.CmpFPredicate.OGE),
}
_SHIFT = 8  # of quantized numbers, before they are rescaled: ComparisonQuantized()


@operator("EQUAL NOT_EQUAL LESS LESS_EQUAL GREATER GREATER_EQUAL", "float32", "int32", "int64", "int16", "int8", "uint8", "bool")
def compare(node):
    fold, signed, unsigned, real = _PREDICATES[node.name]
    known = [node.constant(n) for n in (0, 1)]
    tensors = node.inputs[:2]
    if all(k is not None for k in known) and not any(t.is_quantized for t in tensors):
        return numpy.asarray(fold(*known))
    bit = emit.element("bool")
    if node.kind == "float32":
        return emit.elementwise(lambda a, b: arith.cmpf(real, a, b), bit, node.value(0), node.value(1))
    if node.kind in ("int8", "uint8") and all(t.is_quantized for t in tensors):
        return emit.elementwise(_rescaled(node, tensors, getattr(_INTEGERS, signed)), bit, node.value(0), node.value(1))
    predicate = getattr(_INTEGERS, unsigned if node.kind in ("uint8", "bool") else signed)
    return emit.elementwise(lambda a, b: arith.cmpi(predicate, a, b), bit, node.value(0), node.value(1))


def _rescaled(node, tensors, predicate):
    """comparisons.cc: both sides, 2**8 times larger, in units of the scale 1."""
    factors = [quantization.multiplier(node.scale(t)) for t in tensors]

    def body(*scalars):
        sides = []
        for x, tensor, pair in zip(scalars, tensors, factors):
            x = quantization.widened(x, tensor)
            x = arith.subi(x, emit.number(x.type, tensor.zero)) if tensor.zero else x
            sides.append(quantization.double_rounded(arith.shli(x, emit.number(x.type, _SHIFT)), *pair))
        return arith.cmpi(predicate, *sides)

    return body


@operator("LOGICAL_AND LOGICAL_OR", "bool")
def logical(node):
    known = [node.constant(n) for n in (0, 1)]
    if all(k is not None for k in known):
        return numpy.asarray((numpy.logical_and if node.name == "LOGICAL_AND" else numpy.logical_or)(*known))
    body = arith.andi if node.name == "LOGICAL_AND" else arith.ori
    return emit.elementwise(body, emit.element("bool"), node.value(0), node.value(1))


@operator("LOGICAL_NOT", "bool")
def logical_not(node):
    found = node.constant(0)
    if found is not None:
        return numpy.asarray(~found)
    return emit.elementwise(lambda x: arith.xori(x, emit.number(x.type, True)), emit.element("bool"), node.value(0))


@operator("SELECT SELECT_V2", "float32", "int8", "uint8", "int16", "int32", "int64", "bool", of=1)
def select(node):
    known = [node.constant(n) for n in range(3)]
    condition = node.shape(0)
    if node.name == "SELECT" and len(condition) == 1 and len(node.shape(1)) > 1:
        condition = [*condition, *[1] * (len(node.shape(1)) - 1)]  # it chooses rows
    if all(k is not None for k in known):
        return numpy.where(known[0].reshape(condition), known[1], known[2])
    chosen = emit.reshape(node.value(0), condition)
    return emit.elementwise(arith.select, emit.element(node.kind), chosen, node.value(1), node.value(2))
