"""Which feature maps of int8 get channels last for speed, at the global-optimization phase: those between convolutions.

A convolution may read channels first and write channels last, so that nothing is transposed; one of single pixels does not, as
its result could not take the place of what it reads. Maps that the model is given or gives, and those that others read with
channels first, stay as they are, with all that computes along with them. So do those of which means are taken: numbers of a
channel side by side are added up quickly, and of floats the order of the additions stays, by which ties are rounded.
"""

from iree.compiler import ir

from .. import product
from ..core import Core
from . import channels_last

_LANES = 4  # channels that a depthwise product takes at once, with MVE


def apply(module):
    """Changes the maps of a module where the core gains by it; how many tensors."""
    core = Core(module)
    if not core.has_dsp:
        return 0
    ops = channels_last.candidates(module)
    found = channels_last.tensors(ops)
    groups = _Groups(value for value in found if not channels_last.is_shared(value))
    convolutions = []
    for op in ops:
        values = [value for value in channels_last.along(op, found) if value in groups]
        if not values:
            continue
        is_convolution = _mixes_channels(op)
        convolutions += values if is_convolution and _is_int8(op) else []
        if is_convolution and not _may_lie_over(op):
            groups.join(value for value in values if value != op.operands[0])
        else:
            groups.join(values)
            if _adds_up(op) or not _suits(op, core):
                groups.spoil(values)
    groups.spoil(value for value in groups if _is_at_border(value, ops))
    chosen = groups.of(convolutions)
    if not chosen:
        return 0
    channels_last.exchange(ops, chosen | {value for value in found if channels_last.is_shared(value)})
    return len(chosen)


class _Groups:
    """Values that change together, or not at all."""

    def __init__(self, values):
        self._group = {value: {value} for value in values}
        self._spoiled = set()

    def __contains__(self, value):
        return value in self._group

    def __iter__(self):
        return iter(self._group)

    def join(self, values):
        values = list(values)
        whole = set().union(*(self._group[value] for value in values))
        self._group.update(dict.fromkeys(whole, whole))

    def spoil(self, values):
        self._spoiled |= set(values)

    def of(self, values):
        """All values of the groups of values in which none is spoiled."""
        groups = [self._group[value] for value in values]
        return set().union(*(group for group in groups if group.isdisjoint(self._spoiled)))


def _is_at_border(value, ops):
    """Whether something else than ops gives or reads value."""
    maker = None if isinstance(value.owner, ir.Block) else value.owner
    others = [use.owner for use in value.uses if not channels_last.takes(use.owner, ops)]
    return maker is None or not channels_last.takes(maker, ops) or bool(others)


def _maps(op):
    return product.indexing_maps(op) if op.name == "linalg.generic" and product.is_product(op) else []


def _channel(op):
    """The loop along the channels of what a product with windows reads."""
    return next(iter(channels_last.terms(_maps(op)[0].results[0])), None)


def _mixes_channels(op):
    """Whether op is a convolution of all channels, whose result may lie otherwise than what it reads."""
    maps = _maps(op)
    return bool(maps) and len(maps[0].results) == 3 and _channel(op) not in product.loops_of(maps[-1])


def _may_lie_over(op):
    """Whether the result of a convolution may take the place of what it reads, if both lie alike: it has windows of one pixel,
    and reads all of a tensor, not every other pixel of one."""
    if not isinstance(op.operands[0].owner, ir.Block) and op.operands[0].owner.name == "tensor.extract_slice":
        return False
    source, result = (ir.RankedTensorType(value.type).shape for value in (op.operands[0], op.results[0]))
    return source[1:] == result[1:] and all(len(channels_last.terms(e)) == 1 for e in _maps(op)[0].results)


def _is_int8(op):
    return str(ir.RankedTensorType(op.operands[0].type).element_type) == "i8"


def _adds_up(op):
    """Whether op is a sum, but no product."""
    if op.name != "linalg.generic" or product.is_product(op):
        return False
    is_sum = any(view.operation.name in ("arith.addf", "arith.addi") for view in op.regions[0].blocks[0].operations)
    return is_sum and any("reduction" in str(kind) for kind in op.attributes["iterator_types"])


def _suits(op, core):
    """Whether op, if it is a depthwise product, is as quick with channels last."""
    maps = _maps(op)
    if not maps or len(maps[0].results) != 3 or _channel(op) not in product.loops_of(maps[-1]):
        return True
    if core.has_mve:
        return ir.RankedTensorType(op.operands[0].type).shape[0] % _LANES == 0
    return not isinstance(op.operands[0].owner, ir.Block) and op.operands[0].owner.name == "tensor.pad"
