"""Constants that are doubles and only used narrowed become what they are narrowed to, for VMVX, which cannot narrow doubles.

iree-compile folds that by itself only where nothing is rounded; the scale of a quantized product from ONNX is such a constant.
"""

from iree.compiler import ir
from iree.compiler.dialects import arith

from ..modules import operations


def constants(module):
    """Folds them in module (at the stream phase); how many."""
    found = [op for op in operations(module, "arith.truncf") if _value(op.operands[0]) is not None]
    for op in found:
        type_ = op.results[0].type
        with ir.InsertionPoint(op), op.location:
            narrow = arith.constant(type_, ir.FloatAttr.get(type_, _value(op.operands[0])))
        op.results[0].replace_all_uses_with(narrow)
        op.operation.erase()
    return len(found)


def _value(operand):
    """The number that operand is, None where it is not constant."""
    if isinstance(operand.owner, ir.Block) or operand.owner.name != "arith.constant":
        return None
    value = operand.owner.attributes["value"]
    return value.value if isinstance(value, ir.FloatAttr) else None
