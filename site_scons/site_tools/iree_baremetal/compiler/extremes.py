"""Extremes of integers that are narrower than a register, written by way of differences, on RISC-V without vectors.

The LLVM of iree-compile 3.12.0 and 3.13.0 is wrong there: what it compares for llvm.smax and its kin of vectors of one element,
as a reduction over 3 channels of int8 comes to have, is not extended to the register, so that the largest of some int8
may be -1 instead of 127. `b + max(a - b, 0)` in whole registers it does not make that again.
"""

import re

from iree.compiler import ir
from iree.compiler.dialects import arith

from ..modules import operations
from . import has_wrong_extremes

# operation -> (whether its numbers are signed, whether it gives the larger)
_EXTREMES = {
    "arith.maxsi": (True, True),
    "arith.minsi": (True, False),
    "arith.maxui": (False, True),
    "arith.minui": (False, False),
}
# arith.cmpi's predicates, of a choice of the first of the two that are compared
_ORDERS = {
    2: (True, False),
    3: (True, False),
    4: (True, True),
    5: (True, True),
    6: (False, False),
    7: (False, False),
    8: (False, True),
    9: (False, True),
}
_TRIPLE, _FEATURES = (re.compile(rf'{name} = "([^"]*)"') for name in ("target_triple", "cpu_features"))


def by_differences(module):
    """Rewrites them in the kernels of module (at the stream phase); how many."""
    width = _register(module)
    if not width:
        return 0
    found = [(op, kind) for op in operations(module, *_EXTREMES, "arith.select") if (kind := _kind(op, width))]
    for op, (is_signed, is_larger) in found:
        with ir.InsertionPoint(op), op.location:
            first, second = list(op.operands)[-2:]
            op.results[0].replace_all_uses_with(_extreme(first, second, width, is_signed, is_larger))
        op.operation.erase()
    return len(found)


def _register(module):
    """The width in bits of the registers of a core where LLVM is wrong; 0 for any other."""
    text = "".join(
        str(op.attributes["initial_value"]) for op in operations(module, "util.global") if "initial_value" in op.attributes
    )
    triples, features = _TRIPLE.findall(text), ",".join(_FEATURES.findall(text))
    if not triples or not has_wrong_extremes(triples[0], features):
        return 0
    return 64 if triples[0].startswith("riscv64") else 32


def _kind(op, width):
    """(is_signed, is_larger) where op gives an extreme of narrow integers, else None."""
    type_ = op.results[0].type
    if not isinstance(type_, ir.IntegerType) or not 1 < type_.width < width:
        return None
    if op.name in _EXTREMES:
        return _EXTREMES[op.name]
    condition, *choices = op.operands
    if isinstance(condition.owner, ir.Block) or condition.owner.name != "arith.cmpi":
        return None
    kind, compared = _ORDERS.get(condition.owner.attributes["predicate"].value), list(condition.owner.operands)
    if kind is None or compared not in (choices, choices[::-1]):
        return None
    return kind if compared == choices else (kind[0], not kind[1])


def _extreme(a, b, width, is_signed, is_larger):
    wide = ir.IntegerType.get_signless(width)
    extend = arith.extsi if is_signed else arith.extui
    a, narrow, b = extend(wide, a), b.type, extend(wide, b)
    over = (arith.maxsi if is_larger else arith.minsi)(arith.subi(a, b), arith.constant(wide, 0))
    return arith.trunci(narrow, arith.addi(b, over))
