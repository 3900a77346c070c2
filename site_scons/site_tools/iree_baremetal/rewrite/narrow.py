"""Keeps quantized tensors quantized between dispatches.

Where a quantization is followed by its own inverse, in front of an addition or a mean, iree-compile
fuses both into the reader, and what lies in memory in between are the four times wider accumulators
of the product before. A barrier after the quantization, from the global-optimization phase to the
flow phase, makes it the product's last act. The numbers stay: the quantization is done all the same.
"""

from iree.compiler import ir

from ..modules import operations

_QUANTIZE, _DEQUANTIZE = "iree_linalg_ext.quantize_affine", "iree_linalg_ext.dequantize_affine"
_BARRIER = "util.optimization_barrier"


def add(module):
    """Adds the barriers to a module at the global-optimization phase; how many."""
    count = 0
    for op in operations(module, _QUANTIZE):
        narrow = op.results[0]
        if any(use.owner.name == _DEQUANTIZE for use in narrow.uses):
            with ir.InsertionPoint.after(op), op.location:
                barrier = ir.Operation.create(_BARRIER, results=[narrow.type], operands=[narrow])
            narrow.replace_all_uses_except(barrier.results[0], [barrier])
            count += 1
    return count


def remove(module):
    """Takes the barriers out of a module at the flow phase; how many."""
    found = operations(module, _BARRIER)
    for op in found:
        op.results[0].replace_all_uses_with(op.operands[0])
        op.erase()
    return len(found)
