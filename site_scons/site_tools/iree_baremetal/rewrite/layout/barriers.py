"""Keeps quantized tensors quantized between dispatches.

Where a quantization is followed by its own inverse, in front of an addition or a mean, iree-compile
fuses both into the reader, and what lies in memory in between are the four times wider accumulators
of the product before. A barrier after the quantization, from the global-optimization phase to the
flow phase, makes it the product's last act. The numbers stay: the quantization is done all the same.
"""

from iree.compiler import ir

from ...modules import operations

_QUANTIZE, _DEQUANTIZE = "iree_linalg_ext.quantize_affine", "iree_linalg_ext.dequantize_affine"
BARRIER = "util.optimization_barrier"


def add(module):
    """Adds the barriers to a module at the global-optimization phase; how many."""
    return sum(_add(op) for op in operations(module, _QUANTIZE))


def add_but_last(module):
    """The same, but where several quantized tensors meet, the last of them has no barrier; how many.

    The product that gives it then does what follows, too, and can overwrite the other tensors.
    """
    found = operations(module, _QUANTIZE)
    last = {}
    for op in found:
        for reader in _meeting(op):
            last[reader] = op
    return sum(_add(op) for op in found if op not in last.values())


def _add(quantize):
    narrow = quantize.results[0]
    if not any(use.owner.name == _DEQUANTIZE for use in narrow.uses):
        return 0
    barrier(narrow)
    return 1


def _meeting(quantize):
    """The one operation for which the quantized tensor is at once taken back, if others meet it there."""
    readers = [use.owner for use in quantize.results[0].uses]
    if [op.name for op in readers] != [_DEQUANTIZE]:
        return []
    (real,) = readers[0].results
    met = [use.owner for use in real.uses]
    if len(met) != 1:
        return []
    others = [v for v in met[0].operands if v != real and not isinstance(v.owner, ir.Block) and v.owner.name == _DEQUANTIZE]
    return met if others else []


def barrier(value):
    """Puts a barrier between value and all who use it; the value behind it."""
    with ir.InsertionPoint.after(value.owner), value.owner.location:
        made = ir.Operation.create(BARRIER, results=[value.type], operands=[value])
    value.replace_all_uses_except(made.results[0], [made])
    return made.results[0]


def remove(module):
    """Takes the barriers out of a module at the flow phase; how many."""
    found = operations(module, BARRIER)
    for op in found:
        op.results[0].replace_all_uses_with(op.operands[0])
        op.erase()
    return len(found)
