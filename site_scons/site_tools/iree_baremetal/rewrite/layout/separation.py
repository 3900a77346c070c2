"""Kernels of products that serve several layers become one for each: an edit at the flow phase.

Where layers differ in constants alone, and these are longer than iree-compile puts into kernels, they have one kernel. What
is proven of a layer's weights, and written beside them, is its own. `sharing` makes one of those that stay equal.
"""

from iree.compiler import ir

from .. import dispatches, product
from ..product import NoMatch


def of_16x8_products(module):
    """Separates those of 16x8 products; how many kernels are new."""
    return sum(_separate(dispatch) for dispatch in dispatches.find(module) if len(dispatch.sites) > 1 and _is_16x8(dispatch))


def _is_16x8(dispatch):
    try:
        return bool(product.find(dispatch, element="i16", takes_padding=True))
    except NoMatch:
        return False


def _separate(dispatch):
    executable = dispatch.executable
    own = executable.attributes["sym_name"].value
    for number, site in enumerate(dispatch.sites[1:], 1):
        made = executable.clone(ir.InsertionPoint(executable)).operation
        made.move_after(executable)
        name = f"{dispatch.name}_{number}"
        made.attributes["sym_name"] = ir.StringAttr.get(f"{own}_{number}")
        for op in dispatches.operations(made):
            if op.name in ("flow.executable.export", "func.func") and op.attributes["sym_name"].value == dispatch.name:
                op.attributes["sym_name"] = ir.StringAttr.get(name)
                if "function_ref" in op.attributes:
                    op.attributes["function_ref"] = ir.FlatSymbolRefAttr.get(name)
        site.attributes["entry_points"] = ir.ArrayAttr.get([ir.SymbolRefAttr.get([f"{own}_{number}", name])])
    return len(dispatch.sites) - 1
