"""How many rows a product computes, where each call of its kernel says it: of layers by rows (`few_rows`)."""

from dataclasses import dataclass

from iree.compiler import ir

from ...plan import slabs
from .. import emit


@dataclass(frozen=True)
class Counted:
    """loop: over rows, the outermost of the product's pixels; of each row it has unit turns. most: rows of a call at most.

    argument: the function's that says how many they are.
    """

    loop: int
    unit: int
    most: int
    argument: ir.Value

    def rows(self):
        """How many, as an index, here."""
        return emit.as_index(self.argument)

    def turns(self):
        """Of the loop, as an index."""
        return emit.scaled(self.rows(), self.unit)


def find(product):
    """The `Counted` of a product; None where it always computes all of its output."""
    function = product.dispatch.function
    slab, arguments = slabs.of(function), slabs.counts(function)
    first = product.out_map.results[0] if len(product.out_map.results) else None
    if slab is None or slab.most == 1 or not arguments or not isinstance(first, ir.AffineDimExpr):
        return None
    loop = first.position
    if loop != next(iter(product.pixels), None) or product.extents[loop] % slab.most:
        return None
    return Counted(loop, product.extents[loop] // slab.most, slab.most, arguments[0])
