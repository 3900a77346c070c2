"""Which inputs of a dispatch its output can take the place of, as far as its loops tell: marks on its function.

They serve to compare programs before their kernels are compiled (`plan.commands`). Whether outputs lie over inputs is
decided by what is proven of the binary (`plan.overlap`).
"""

from iree.compiler import ir

from ..modules import operations
from . import dispatches, product

MARK = "iree_baremetal.in_place"


def inputs(dispatch):
    """The numbers of the arguments; of a product it is supposed that it will be rewritten."""
    values = _of_product(dispatch) or _of_elementwise(dispatch)
    loads = [load for value in values if (load := dispatches.defining(value)) is not None and load.name == _LOAD]
    sources = [load.operands[0] for load in loads]  # of dynamic shape they are no arguments themselves
    return sorted({ir.BlockArgument(value).arg_number for value in sources if isinstance(value.owner, ir.Block)})


_LOAD = "iree_tensor_ext.dispatch.tensor.load"


def _of_product(dispatch):
    found = product.find_any(dispatch)
    if not found:
        return []
    is_padded_by_channel = bool(found.groups and found.padding)  # `depthwise` copies a channel before it writes it
    own = [found.activation] if is_padded_by_channel or found.is_pointwise and not found.groups else []
    return own + found.added


def _of_elementwise(dispatch):
    generics = [op for op in dispatches.operations(dispatch.function) if op.name == "linalg.generic"]
    if len(generics) != 1 or any("parallel" not in str(kind) for kind in generics[0].attributes["iterator_types"]):
        return []
    *maps, last = product.indexing_maps(generics[0])
    return [value for value, own in zip(generics[0].operands, maps) if own == last and last.is_permutation]


def mark(dispatch, numbers):
    """Leaves the numbers of arguments, as from `inputs`, on the function."""
    if numbers:
        dispatch.function.attributes[MARK] = ir.DenseI32ArrayAttr.get(numbers)


def marks(module):
    """{symbol of a kernel: numbers of its bindings} of a module at any later phase."""
    found = {}
    for op in operations(module, "func.func"):
        if MARK in op.attributes:
            found[op.attributes["sym_name"].value] = list(ir.DenseI32ArrayAttr(op.attributes[MARK]))
    return found
