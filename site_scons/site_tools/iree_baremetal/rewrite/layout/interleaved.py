"""A model's first input of channels, rows and columns, given with channels last, at the global-optimization phase.

A row of it then lies in memory in one piece, pixel by pixel, as a camera gives it. `channels_last` comes before: where all that
reads the input are its transpositions, there is nothing left to transpose.
"""

from iree.compiler import ir

from ...modules import operations
from .. import product

MARK = "iree_baremetal.interleaved"  # an attribute of the function
_SAME = ("tensor.collapse_shape", "iree_tensor_ext.compute_barrier.start")  # the same numbers in the same order


def apply(module):
    """Changes the input where it can; how many."""
    imports = [op for op in operations(module, "hal.tensor.import") if _is_first(op)]
    if len(imports) != 1:
        return 0
    chain = _chain(imports[0])
    value = chain[-1].results[0]
    users = [use.owner for use in value.uses]
    if value.type.rank != 3 or value.type.shape[0] == 1 or not users or not all(map(_transposes, users)):
        return 0
    for op in chain:
        own = op.results[0]
        own.set_type(_last(own.type))
    imports[0].attributes["target_encoding"] = ir.TypeAttr.get(imports[0].results[0].type)
    for user in users:
        user.results[0].replace_all_uses_with(value)
        user.operation.erase()
    imports[0].parent.attributes[MARK] = ir.UnitAttr.get()
    return 1


def _is_first(op):
    value = op.operands[0]
    return isinstance(value.owner, ir.Block) and ir.BlockArgument(value).arg_number == 0


def _chain(op):
    """op, and what only gives its result another shape, as long as nothing else reads it."""
    chain = [op]
    while True:
        type_, uses = chain[-1].results[0].type, list(chain[-1].results[0].uses)
        if type_.rank < 3 or any(extent != 1 for extent in type_.shape[:-3]) or len(uses) != 1 or uses[0].owner.name not in _SAME:
            return chain
        if uses[0].owner.results[0].type.rank < 3:
            return chain
        chain.append(uses[0].owner)


def _last(type_):
    *ones, channels, rows, columns = type_.shape
    return ir.RankedTensorType.get([*ones, rows, columns, channels], type_.element_type)


def _transposes(op):
    """Whether op gives rows, columns and channels of channels, rows and columns, and nothing else."""
    if op.name != "linalg.generic" or len(op.operands) != 2 or len(op.results) != 1 or op.results[0].type.rank != 3:
        return False
    (body,) = op.regions[0].blocks
    (last,) = body.operations
    source, target = ([str(e) for e in own.results] for own in product.indexing_maps(op))
    plain = last.operation.name == "linalg.yield" and last.operation.operands[0] == body.arguments[0]
    return plain and target == ["d0", "d1", "d2"] and source == ["d2", "d0", "d1"]
