"""Feature maps with channels first get channels last, at the global-optimization phase: their rows then lie in memory one by one.

From convolutions on, all operations that compute along the same dimensions change with them. Where others need such a
tensor, it is transposed for them.
"""

import numpy
from iree.compiler import ir

from ...modules import operations
from .. import product
from ..product import NoMatch
from . import barriers

_ORDER = (1, 2, 0)  # of the dimensions [channel][row][column] in the new tensor
_GENERIC, _PAD, _SLICE = "linalg.generic", "tensor.pad", "tensor.extract_slice"
_QUANTIZE = ("iree_linalg_ext.quantize_affine", "iree_linalg_ext.dequantize_affine")
_ALIKE = (_PAD, _SLICE, barriers.BARRIER)  # the result has the dimensions of the first operand
_FRESH = ("tensor.empty", "linalg.fill")


def apply(module):
    """Changes all tensors that it can; how many operations."""
    ops = candidates(module)
    chosen = tensors(ops)
    if not chosen:
        return 0
    exchange(ops, chosen)
    return len(ops)


def candidates(module):
    """The operations whose tensors can change."""
    return operations(module, _GENERIC, *_QUANTIZE, *_ALIKE)


def tensors(ops):
    """The values of channels, rows and columns that convolutions and all that follows or precedes compute with."""
    found = set()
    for op in ops:
        if op.name == _GENERIC:
            found |= set(_of_convolution(op))
    changed = True
    while changed:
        more = {value for op in ops for value in along(op, found)} - found
        changed = bool(more)
        found |= more
    return found


def _rank(value):
    return value.type.rank if isinstance(value.type, ir.RankedTensorType) else -1


def _maps(op):
    return product.indexing_maps(op)


def _values(op):
    """(value, its indexing map) of a generic's or a quantization's operands, and of its result."""
    maps = _maps(op)
    return [*zip(op.operands, maps), (op.results[0], maps[-1])]


def _of_convolution(op):
    """The activation and the sums of a convolution with channels first."""
    if not any("reduction" in str(kind) for kind in op.attributes["iterator_types"]) or not _is_plain(op):
        return []
    for value, own in _values(op):
        loops = [terms(e) for e in own.results]
        if _rank(value) == 3 and len(loops[0]) == 1 and len(loops[1]) == len(loops[2]) == 2:
            return [value, *along(op, {value})]
    return []


def terms(expression):
    """The loops of an affine expression."""
    try:
        return {loop for loop, _ in product.terms(expression)}
    except NoMatch:
        return set()


def _is_plain(op):
    return len(op.results) == 1 and not operations(op, "linalg.index")


def along(op, found):
    """The values of op that have to change with those that are found."""
    if op.name in _ALIKE:
        both = [op.operands[0], op.results[0]]
        return both if _rank(both[0]) == _rank(both[1]) == 3 and any(v in found for v in both) and _is_static(op) else []
    known = [own for value, own in _values(op) if value in found]
    if not known or not _is_plain(op):
        return []
    rows, columns = (terms(known[0].results[n]) for n in (1, 2))
    result = []
    for value, own in _values(op):
        if _rank(value) == 3 and len(own.results) == 3 and not _is_kept(value):
            is_alike = [bool(terms(own.results[n]) & loops) for n, loops in ((1, rows), (2, columns))]
            is_other = bool(terms(own.results[0]) & (rows | columns))
            result += [value] if all(is_alike) and not is_other else []
    return result


def _is_kept(value):
    """Whether value is one of the model's constants that run time would have to transpose."""
    return not isinstance(value.owner, ir.Block) and value.owner.name == "util.global.load"


def _is_static(op):
    if op.name == _PAD:
        return product.padding_of(op.results[0]) is not None or len(op.operands) == 1 and _yields_constant(op)
    return op.name == barriers.BARRIER or len(op.operands) == 1


def _yields_constant(pad):
    (value,) = [op.operands[0] for op in operations(pad, "tensor.yield")]
    return not isinstance(value.owner, ir.Block) or value.owner != pad.regions[0].blocks[0]


def is_shared(value):
    """Whether value has no place of its own, a constant or an empty tensor, so that each reader may have it its own way."""
    return not isinstance(value.owner, ir.Block) and value.owner.name in (*_FRESH, "arith.constant")


# The change itself.


def exchange(ops, all_chosen):
    """Changes the values all_chosen, and of those that are shared what goes with them."""
    changed = {}  # value: what stands for it with channels last
    for op in ops:
        chosen = _chosen_by(op, all_chosen)
        inputs = list(op.operands)[:1] if op.name in _ALIKE else list(op.operands)
        own = any(result in chosen for result in op.results)
        if not own and not any(value in chosen for value in inputs):
            continue
        _change_attributes(op, chosen)
        for number, value in enumerate(inputs):
            if value in chosen:
                op.operands[number] = _given(op, value, changed)
        if own:
            old = op.results[0]
            others = [use.owner for use in old.uses if not takes(use.owner, ops)]
            type_ = old.type
            old.set_type(_type(type_))
            changed[old] = old
            if others:
                _give_back(old, type_, ops)


def _chosen_by(op, chosen):
    """The values of op that change: what it writes to as its result does, constants as anything does."""
    mine = {value for value in [*op.operands, *op.results] if value in chosen}
    own = {value for value in mine if not is_shared(value)}
    result = any(value in own for value in op.results)
    return {v for v in mine if v in own or (result if v.owner.name in _FRESH else own)}


def takes(op, ops):
    """Whether op is one of ops."""
    return any(op == other for other in ops)


def _given(op, value, changed):
    """What op reads in place of value."""
    if value in changed:
        return changed[value]
    maker = None if isinstance(value.owner, ir.Block) else value.owner
    if maker is not None and maker.name in _FRESH:
        with ir.InsertionPoint(op), op.location:
            return _fresh(maker)
    changed[value] = _transposed(value, _ORDER, _type(value.type))
    return changed[value]


def _fresh(maker):
    """An empty or filled tensor like maker's, with channels last."""
    made = ir.Operation.create("tensor.empty", [_type(maker.results[0].type)], []).result
    if maker.name == "tensor.empty":
        return made
    clone = maker.clone().operation if hasattr(maker, "clone") else maker.operation.clone()
    clone.operands[1] = made
    clone.results[0].set_type(made.type)
    return clone.results[0]


def _give_back(value, type_, ops):
    """Lets all others than ops read value with channels first again."""
    back = _transposed(value, tuple(_ORDER.index(n) for n in range(3)), type_)
    mine = [use.owner for use in value.uses if takes(use.owner, ops) or use.owner == back.owner]
    value.replace_all_uses_except(back, [op.operation if hasattr(op, "operation") else op for op in mine])


def _transposed(value, order, type_):
    """value with its dimensions in this order; of a constant, at once."""
    if not isinstance(value.owner, ir.Block) and value.owner.name == "arith.constant":
        array = numpy.ascontiguousarray(numpy.asarray(value.owner.attributes["value"]).transpose(order))
        with ir.InsertionPoint.after(value.owner), value.owner.location:
            return ir.Operation.create("arith.constant", [type_], attributes={"value": ir.DenseElementsAttr.get(array)}).result
    point = (
        ir.InsertionPoint.at_block_begin(value.owner)
        if isinstance(value.owner, ir.Block)
        else ir.InsertionPoint.after(value.owner)
    )
    with point, value.owner.location if not isinstance(value.owner, ir.Block) else ir.Location.unknown():
        empty = ir.Operation.create("tensor.empty", [type_], []).result
        dims = [ir.AffineDimExpr.get(n) for n in range(3)]
        source = ir.AffineMap.get(3, 0, [dims[order.index(n)] for n in range(3)])
        attributes = {
            "indexing_maps": ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in (source, ir.AffineMap.get_identity(3))]),
            "iterator_types": ir.ArrayAttr.get([ir.Attribute.parse("#linalg.iterator_type<parallel>")] * 3),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1]),
        }
        made = ir.Operation.create(_GENERIC, [type_], [value, empty], attributes, regions=1)
        element = type_.element_type
        block = made.regions[0].blocks.append(element, element, arg_locs=[ir.Location.unknown()] * 2)
        with ir.InsertionPoint(block):
            ir.Operation.create("linalg.yield", [], [block.arguments[0]])
        return made.result


def _type(type_):
    return ir.RankedTensorType.get([type_.shape[n] for n in _ORDER], type_.element_type)


def _change_attributes(op, chosen):
    if op.name in (_PAD, _SLICE):
        for name in ("static_low", "static_high", "static_offsets", "static_sizes", "static_strides"):
            if name in op.attributes:
                numbers = list(op.attributes[name])
                op.attributes[name] = ir.DenseI64ArrayAttr.get([numbers[n] for n in _ORDER])
    elif op.name != barriers.BARRIER:
        values = [*op.operands]
        maps = [
            ir.AffineMap.get(own.n_dims, 0, [own.results[n] for n in _ORDER]) if value in chosen else own
            for value, own in zip(values, _maps(op))
        ]
        maps = _interchanged(op, maps)
        op.attributes["indexing_maps"] = ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in maps])


def _interchanged(op, maps):
    """maps with loops in the order of the output's dimensions, the others behind; sets the kinds of the loops."""
    out = maps[-1]
    if not out.is_projected_permutation:
        return maps
    first = [e.position for e in out.results]
    order = first + [n for n in range(out.n_dims) if n not in first]
    if op.name == _GENERIC:
        kinds = list(op.attributes["iterator_types"])
        op.attributes["iterator_types"] = ir.ArrayAttr.get([kinds[n] for n in order])
    dims = [ir.AffineDimExpr.get(order.index(n)) for n in range(out.n_dims)]
    return [ir.AffineMap.get(out.n_dims, 0, [_replaced(e, dims) for e in m.results]) for m in maps]


def _replaced(expression, dims):
    if isinstance(expression, ir.AffineDimExpr):
        return dims[expression.position]
    if isinstance(expression, ir.AffineAddExpr):
        return ir.AffineAddExpr.get(_replaced(expression.lhs, dims), _replaced(expression.rhs, dims))
    if isinstance(expression, ir.AffineMulExpr):
        return ir.AffineMulExpr.get(_replaced(expression.lhs, dims), _replaced(expression.rhs, dims))
    return expression
