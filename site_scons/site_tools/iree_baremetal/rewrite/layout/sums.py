"""Sums over the rows of a tensor, as of an average pool, apart from what becomes of them: edits at the global-optimization phase.

A kernel that does nothing else can take the rows one by one (`rows`).
"""

from iree.compiler import ir

from ...modules import operations
from .. import product
from . import barriers


def bar(module):
    """Puts barriers behind sums over the outermost dimension of a tensor; how many."""
    found = [op for op in operations(module, "linalg.generic") if _adds_rows(op)]
    for op in found:
        barriers.barrier(op.results[0])
    return len(found)


def _adds_rows(op):
    own, *_ = product.indexing_maps(op)
    kinds = ["reduction" in str(kind) for kind in op.attributes["iterator_types"]]
    if len(op.results) != 1 or len(op.operands) < 2 or len(own.results) < 2 or product.is_product(op):
        return False
    row = own.results[0]
    return isinstance(row, ir.AffineDimExpr) and kinds[row.position] and any(not kind for kind in kinds)
