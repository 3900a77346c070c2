"""Padded tensors that take no memory, or that other buffers can share their place with: edits at the global-optimization phase.

Barriers (`rewrite.layout.barriers` takes them out at the flow phase) keep iree-compile from fusing across them.
"""

from iree.compiler import ir

from ...modules import operations
from . import barriers

_PAD, _SLICE = "tensor.pad", "tensor.extract_slice"


def bar(module):
    """Makes a copy of its own of every padding that a computation would write into; how many.

    A product that reads all channels of a pixel cannot overwrite its input where the channels of
    its output lie at another distance. Unpadded its output takes less beside its input, and the
    copy that pads it afterwards can begin where it lies.
    """
    found = [pad for pad in operations(module, _PAD) if _is_computed(pad.operands[0])]
    for pad in found:
        pad.operands[0] = barriers.barrier(pad.operands[0])
    return len(found)


def of_products(module, elements, with_inputs=False):
    """The locations of paddings of tensors of elements, "i8" or "f32", whose readers may be products that are rewritten.

    Of computed tensors, and with_inputs: of the model's inputs.
    """
    found = [pad for pad in operations(module, _PAD) if _element(pad) in elements]
    return {str(pad.location) for pad in found if with_inputs or _is_computed(pad.operands[0])}


def _element(pad):
    return str(ir.RankedTensorType(pad.results[0].type).element_type)


def places(module):
    """{location of each padding, as text}"""
    return {str(pad.location) for pad in operations(module, _PAD)}


def separate(module, kept):
    """Makes tensors of their own of the paddings that are not at the locations kept; how many."""
    found = [pad for pad in operations(module, _PAD) if str(pad.location) not in kept]
    for pad in found:
        barriers.barrier(pad.results[0])
    return len(found)


def hoist(module):
    """Lets a product's result that is padded live on as a part of the padded tensor; how many.

    Its other readers get a copy of that part. When the last product has read the padded tensor, the
    copy can lie in the same place; until then there is one tensor, not two.
    """
    count = 0
    for pad in operations(module, _PAD):
        source = pad.operands[0]
        others = [use.owner for use in source.uses if use.owner != pad]
        if others and _is_computed(source) and not _joins(source.owner) and _moves(pad):
            part = barriers.barrier(_part(barriers.barrier(pad.results[0]), pad))
            source.replace_all_uses_except(part, [pad.operation])
            if source.owner.name == barriers.BARRIER:  # the one behind the padding is enough
                pad.operands[0] = source.owner.operands[0]
                source.owner.erase()
            count += 1
    return count


def _is_computed(value):
    """Whether the model's arithmetic gives value: no constant, no argument."""
    return not isinstance(value.owner, ir.Block) and value.owner.name.startswith(
        ("linalg.", "iree_linalg_ext.", barriers.BARRIER)
    )


def _joins(op):
    """Whether op, or the elementwise operations before it, read a part of a padded tensor.

    Their result can lie in the place of that part, which a padded one cannot.
    """
    if op.name == _SLICE:
        return True
    if op.name == "linalg.generic" and any("reduction" in str(kind) for kind in op.attributes["iterator_types"]):
        return False
    return any(_joins(v.owner) for v in op.operands if _is_computed(v) or _is_by(v, _SLICE))


def _is_by(value, name):
    return not isinstance(value.owner, ir.Block) and value.owner.name == name


def _moves(pad):
    """Moves pad before all other readers of its source; False where it cannot be moved."""
    (value,) = [op.operands[0] for op in operations(pad, "tensor.yield")]
    if not _is_by(value, "arith.constant") or len(pad.operands) != 1:
        return False  # its value or its extents are computed
    producer = pad.operands[0].owner.operation
    value.owner.move_before(producer.block.operations[0])
    pad.move_after(producer)
    return True


def _part(padded, pad):
    """What was padded, as a part of the padded tensor."""
    type_ = ir.RankedTensorType(pad.operands[0].type)
    attributes = {
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 0, 0, 0]),
        "static_offsets": pad.attributes["static_low"],
        "static_sizes": ir.DenseI64ArrayAttr.get(type_.shape),
        "static_strides": ir.DenseI64ArrayAttr.get([1] * type_.rank),
    }
    with ir.InsertionPoint.after(padded.owner), pad.location:
        return ir.Operation.create(_SLICE, results=[type_], operands=[padded], attributes=attributes).results[0]
