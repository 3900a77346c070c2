"""Vectors at least as wide as the numbers: with narrower ones iree-compile divides by zero.

Its tile sizes for products are the vectors' width over that of an element: of 4 bytes and elements of 8 bytes (the sums of
int16 activations, f64) that is 0, and it dies by SIGFPE (3.11.0 to 3.13.0).
"""

import re

from iree.compiler import ir

from ..modules import edit_globals

_WIDTH = re.compile(r"native_vector_size = (\d+) : i64")
WIDEST = 8  # bytes of an element


def widen(module):
    """Widens the vectors of the targets in module (at the stream phase) where a kernel needs it; how many were changed."""
    if not has_wide_numbers(module.operation):
        return 0
    return edit_globals(
        module, lambda text: _WIDTH.sub(lambda found: f"native_vector_size = {max(int(found[1]), WIDEST)} : i64", text)
    )


def has_wide_numbers(op):
    """Whether an operation of linalg within op gives numbers of 8 bytes."""
    found = []

    def visit(inner):
        if inner.name.startswith("linalg.") and any(re.search("[if]64>$", str(result.type)) for result in inner.results):
            found.append(inner)
        return ir.WalkResult.INTERRUPT if found else ir.WalkResult.ADVANCE

    op.walk(visit)
    return bool(found)
