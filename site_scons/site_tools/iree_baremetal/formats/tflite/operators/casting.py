"""CAST, between types that stand for themselves."""

import numpy
from iree.compiler.dialects import arith

from .. import emit
from ..registry import operator

_KINDS = ("float32", "float16", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "bool")


@operator("CAST", *_KINDS)
def cast(node):
    source, target = node.inputs[0].dtype, node.outputs[0].dtype
    if target not in _KINDS:
        raise node.error(f"its result is of type {target}; {', '.join(_KINDS)} are supported")
    found = node.constant(0)
    if found is not None:
        with numpy.errstate(all="ignore"):
            return found.astype(target)
    if source == target:
        return node.value(0)
    return emit.elementwise(lambda x: converted(x, source, target), emit.element(target), node.value(0))


def converted(x, source, target):
    """The scalar x, of TensorFlow Lite's type source, as one of target."""
    type_ = emit.element(target)
    is_real, will_be_real = source.startswith("float"), target.startswith("float")
    is_unsigned = source.startswith("u") or source == "bool"
    if target == "bool":
        zero = emit.number(x.type, 0)
        return arith.cmpf(arith.CmpFPredicate.UNE, x, zero) if is_real else arith.cmpi(arith.CmpIPredicate.ne, x, zero)
    if is_real and will_be_real:
        return arith.extf(type_, x) if type_.width > x.type.width else arith.truncf(type_, x)
    if will_be_real:
        return (arith.uitofp if is_unsigned else arith.sitofp)(type_, x)
    if is_real:  # by way of a wider type: what does not fit is cut off
        wide = emit.i64() if type_.width > 16 else emit.i32()
        x = arith.fptosi(wide, x)
        return x if x.type == type_ else arith.trunci(type_, x)
    if type_.width == x.type.width:
        return x
    return arith.trunci(type_, x) if type_.width < x.type.width else (arith.extui if is_unsigned else arith.extsi)(type_, x)
