"""Which rows of its inputs a kernel needs for one row of its output, by its indexing maps, at the flow phase.

With that `few_rows` cuts kernels, and `plan.streaming` runs layers in turns.
"""

import math
import struct
from dataclasses import dataclass, field, replace

from iree.compiler import ir

from ...modules import operations
from ...plan.model import C_TYPES
from ...plan.slabs import Slab, Window
from .. import dispatches, product
from ..product import NoMatch

LOAD, STORE = "iree_tensor_ext.dispatch.tensor.load", "iree_tensor_ext.dispatch.tensor.store"
SEEN_THROUGH = ("flow.tensor.reshape", "util.optimization_barrier")  # the same tensor to those who look for its rows


@dataclass(frozen=True)
class Need:
    """What of a value row r of the output needs: ``stride * r + first`` and count in all, along dimension dim."""

    dim: int
    stride: int
    first: int
    count: int

    @property
    def is_pointwise(self):
        return (self.stride, self.first, self.count) == (1, 0, 1)

    def of(self, rows):
        """How many rows so many of the output need."""
        return self.stride * (rows - 1) + self.count


@dataclass
class Kernel:
    """A dispatch whose output can be computed by rows.

    needs: [(value, `Need`)] of its function's tensors; inputs: {number of an argument: its `Need`}; paddings: {number of
    an argument: (value, bytes)} where rows outside are read; extents: of the outermost dimension, by argument. pushed: {number of
    an argument that is what the caller gives row by row: whether with channels last where the model has them first}.
    """

    dispatch: dispatches.Dispatch
    output: int
    needs: list = field(default_factory=list)
    inputs: dict = field(default_factory=dict)
    paddings: dict = field(default_factory=dict)
    extents: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)  # by argument, as `_count` finds them
    sum: ir.Operation | None = None  # the linalg.generic that adds rows of its input to its output
    start: tuple | None = None  # what that begins with: (value, bytes)
    pushed: dict = field(default_factory=dict)

    def slab(self, most=1):
        """most: rows that a call computes at most."""
        windows = {
            n: Window(
                *(need.stride, need.first, need.count, self.rows[n], self.size(n)),
                *(self.paddings.get(n), need.dim != 0, n in self.pushed, self.pushed.get(n, False)),
            )
            for n, need in self.inputs.items()
        }
        rows = self.rows[self.output] if self.sum is None else self.rows[min(self.inputs)]
        return Slab(rows, self.size(self.output), windows, self.start, most)

    @property
    def may_be_several(self):
        """Whether a call may compute several rows: of a product, whose loops a rewrite writes."""
        ops = dispatches.operations(self.dispatch.function)
        return self.sum is None and all(need.dim == 0 for need in self.inputs.values()) and any(map(product.is_product, ops))

    def size(self, number):
        """Bytes of a row, or from one to the next where they are spread; of sums, of the whole."""
        type_ = self.dispatch.block.arguments[number].type
        element = C_TYPES[str(type_).split("x")[-1].rstrip(">")][1]
        dim = self.inputs[number].dim if number in self.inputs else 0
        return math.prod(shape(type_)[dim:]) * element // self.rows.get(number, 1)

    @property
    def tensors(self):
        """The arguments whose rows follow each other."""
        inputs = [n for n, need in self.inputs.items() if need.dim == 0]
        return [*inputs, *([self.output] if self.sum is None else [])]


def find(module):
    """{name: its `Kernel`, or the text why it is none} of the module's dispatches, in its order."""
    found: dict[str, Kernel | str] = {}
    for dispatch in dispatches.find(module):
        try:
            found[dispatch.name] = _Analysis(dispatch).kernel
        except NoMatch as reason:
            found[dispatch.name] = str(reason)
    _count(module, {name: kernel for name, kernel in found.items() if isinstance(kernel, Kernel)}, found)
    return found


class _Analysis:
    """From the store back to the loads of a function."""

    def __init__(self, dispatch):
        ops = dispatches.operations(dispatch.function)
        stores = [op for op in ops if op.name == STORE]
        if len(stores) != 1 or not dispatch.sites or any(len(site.results) != 1 for site in dispatch.sites):
            raise NoMatch("it has several outputs")
        (store,) = stores
        value, target = store.operands[:2]
        self.kernel = Kernel(dispatch, ir.BlockArgument(target).arg_number)
        if not _is_whole(store, value.type, target) or not value.type.rank:
            raise NoMatch("its output is no whole tensor")
        if "writeonly" not in str(target.type):
            raise NoMatch("its output is read, too")
        self.kernel.extents[self.kernel.output] = value.type.shape[0]
        whole = self.kernel
        try:
            if self.sums(dispatches.defining(value)):
                return
        except NoMatch:
            pass
        self.kernel = whole
        self.begin(value)

    def begin(self, value):
        self.found = {}
        self.visit(value, Need(0, 1, 0, 1))

    def sums(self, op):
        """Whether op adds rows of its input to its output, from a number on."""
        if op is None or op.name != "linalg.generic" or len(op.operands) < 2 or len(op.results) != 1 or product.is_product(op):
            return False
        fill, (own, *_) = dispatches.defining(op.operands[len(op.operands) - 1]), product.indexing_maps(op)
        number = fill is not None and fill.name == "linalg.fill" and dispatches.defining(fill.operands[0])
        kinds = ["reduction" in str(kind) for kind in op.attributes["iterator_types"]]
        row = own.results[0] if own.results else None
        if not number or not isinstance(row, ir.AffineDimExpr) or not kinds[row.position] or number.name != "arith.constant":
            return False
        if any(row.position in dict(product.terms(e)) for e in own.results[1:]) or operations(op, "linalg.index"):
            return False
        kernel, type_ = self.kernel, op.results[0].type.element_type
        self.kernel = Kernel(kernel.dispatch, kernel.output, sum=op)
        self.kernel.start = _bits(number.attributes["value"].value, type_), type_.width // 8
        self.found = {}
        for value, expressions in zip(list(op.operands)[:-1], product.indexing_maps(op)):
            if any(row == e for e in expressions.results):
                self.visit(value, Need(list(expressions.results).index(row), 1, 0, 1))
        needs = self.kernel.inputs.values()
        return len(needs) > 0 and all(need.is_pointwise and need.dim == 0 for need in needs)

    def visit(self, value, need):
        known = self.found.get(value)
        if known:
            if known != need:
                raise NoMatch("it needs a tensor in two ways")
            return
        self.found[value] = need
        self.kernel.needs.append((value, need))
        op = dispatches.defining(value)
        name = op.name if op is not None else ""
        if name == "linalg.generic":
            self.generic(op, need)
        elif name == "linalg.fill":
            self.visit(op.operands[1], need)
        elif name == "tensor.pad":
            self.pad(op, need)
        elif name == LOAD:
            self.load(op, need, None)
        elif name != "tensor.empty":
            raise NoMatch(f"rows of {name or 'an argument'} are not known")

    def generic(self, op, need):
        if len(op.results) != 1 or any(inner.name == "linalg.index" for inner in dispatches.operations(op)):
            raise NoMatch("its arithmetic depends on where it is")
        *maps, out = product.indexing_maps(op)
        row = out.results[need.dim]
        if not isinstance(row, ir.AffineDimExpr) or not out.is_projected_permutation:
            raise NoMatch("its output is not plain")
        extents = {}
        for value, own in zip(op.operands, [*maps, out]):
            if isinstance(value.type, ir.RankedTensorType):
                for expression, extent in zip(own.results, value.type.shape):
                    if isinstance(expression, ir.AffineDimExpr):
                        extents[expression.position] = extent
        for value, own in zip(op.operands, [*maps, out]):
            places = [n for n, e in enumerate(own.results) if row.position in dict(product.terms(e))]
            if len(places) > 1:
                raise NoMatch("a tensor is walked along twice by its rows")
            if places:
                self.visit(value, self._through(own.results[places[0]], places[0], row.position, need, extents))

    def _through(self, expression, dim, row, need, extents):
        factor, first, count = 0, 0, 1
        for loop, times in product.terms(expression):
            if loop == row:
                factor = times
            elif loop is None:
                first += times
            else:
                count += times * (extents[loop] - 1)
        return Need(dim, factor * need.stride, factor * need.first + first, factor * (need.count - 1) + count)

    def pad(self, op, need):
        low, high = op.attributes["static_low"][need.dim], op.attributes["static_high"][need.dim]
        if len(op.operands) != 1 or min(*op.attributes["static_low"], *op.attributes["static_high"]) < 0:
            raise NoMatch("its padding is computed")
        moved = replace(need, first=need.first - low)
        if not low and not high:
            self.visit(op.operands[0], moved)
            return
        padding = product.padding_of(op.results[0])
        source = dispatches.defining(op.operands[0])
        if padding is None or source is None or source.name != LOAD:
            raise NoMatch("what is padded is computed in it, or by what is computed")
        self.found[op.operands[0]] = moved
        self.kernel.needs.append((op.operands[0], moved))
        type_ = op.results[0].type.element_type
        self.load(source, moved, (_bits(padding.value, type_), type_.width // 8))

    def load(self, op, need, padding):
        argument = op.operands[0]
        if len(op.operands) != 1 or not isinstance(argument.owner, ir.Block) or len(dispatches.users(argument)) != 1:
            raise NoMatch("an input is read in several ways, or in part")
        number, dims = ir.BlockArgument(argument).arg_number, shape(argument.type)
        offset, stride = op.attributes["static_offsets"][need.dim], op.attributes["static_strides"][need.dim]
        is_spread = need.dim != 0
        if is_spread and not (need.is_pointwise and stride == 1 and self._is_given(number)):
            raise NoMatch("the rows of an input do not follow each other in memory")
        if len(dims) != op.results[0].type.rank or None in dims:
            raise NoMatch("an input is read in several ways, or in part")
        if stride != 1 and padding or "readonly" not in str(argument.type):
            raise NoMatch("an input is padded and read in steps, or written")
        self.kernel.inputs[number] = Need(
            need.dim, stride * need.stride, stride * need.first + offset, stride * (need.count - 1) + 1
        )
        self.kernel.extents[number] = dims[need.dim]
        if padding:
            self.kernel.paddings[number] = padding

    def _is_given(self, number):
        """Whether an argument is an input of the model at all sites: that lies in memory whole."""
        made = [dispatches.defining(_root(operand(site, number))) for site in self.kernel.dispatch.sites]
        return all(op is not None and op.name == "hal.tensor.import" for op in made)


def _bits(value, type_):
    kinds = {"f32": "<f", "f64": "<d"}
    if str(type_) in kinds:
        return int.from_bytes(struct.pack(kinds[str(type_)], value), "little")
    if not isinstance(value, int):
        raise NoMatch("its padding is no plain number")
    return value & (1 << type_.width) - 1


def shape(wrapped):
    """The extents of the tensor in a type !iree_tensor_ext.dispatch.tensor<…>; None for what is dynamic."""
    dims = str(wrapped).split("tensor<")[-1].split("x")[:-1]
    return [int(dim) if dim.isdigit() else None for dim in dims]


def _is_whole(op, type_, target):
    plain = set(op.attributes["static_offsets"]) <= {0} and set(op.attributes["static_strides"]) <= {1}
    return plain and list(type_.shape) == shape(target.type) and isinstance(target.owner, ir.Block)


# How many rows tensors have.


def _root(value):
    """The tensor that a value of the host program is, seen by its first shape."""
    while not isinstance(value.owner, ir.Block) and value.owner.name in SEEN_THROUGH:
        value = value.owner.operands[0]
    return value


def _count(module, kernels, found):
    """Sets the rows of all kernels' tensors; those that do not agree get a text in found."""
    rows = {}
    for kernel in kernels.values():
        for n in kernel.tensors[:-1] if kernel.sum is None else ():
            need = kernel.inputs[n]
            if not need.is_pointwise or kernel.extents[n] != kernel.extents[kernel.output]:
                for site in kernel.dispatch.sites:
                    rows.setdefault(_root(operand(site, n)), kernel.extents[n])
                    rows.setdefault(site.results[0], kernel.extents[kernel.output])
    changed = True
    while changed:
        changed = False
        for kernel in kernels.values():
            for site in kernel.dispatch.sites:
                tensors = [_tensor(kernel, site, n) for n in kernel.tensors]
                is_pointwise = all(need.is_pointwise for need in kernel.inputs.values())
                known = {rows[t] for t in tensors if t in rows}
                if is_pointwise and len(known) == 1 and any(t not in rows for t in tensors):
                    rows.update(dict.fromkeys(tensors, *known))
                    changed = True
    for name, kernel in kernels.items():
        try:
            kernel.rows = _agreed(kernel, rows)
        except NoMatch as reason:
            found[name] = str(reason)


def _agreed(kernel, rows):
    result = {}
    for n in kernel.tensors:
        counts = {rows.get(_tensor(kernel, site, n)) for site in kernel.dispatch.sites}
        if counts == {None}:
            raise NoMatch("no convolution or pool says what a row is")
        if len(counts) != 1:
            raise NoMatch("its dispatches have other numbers of rows")
        (result[n],) = counts
        if (
            kernel.extents[n] % result[n]
            or kernel.extents[n] != result[n]
            and not all(need.is_pointwise for need in kernel.inputs.values())
        ):
            raise NoMatch(f"its {kernel.extents[n]} rows are {result[n]} to others")
    units = {kernel.extents[n] // count for n, count in result.items()}
    for n in set(kernel.inputs) - set(kernel.tensors):
        result[n] = next(iter(result.values()))
        units.add(kernel.extents[n] // result[n])
    if len(units) != 1:
        raise NoMatch("its rows are of several kinds")
    return result


def _tensor(kernel, site, number):
    return site.results[0] if number == kernel.output else _root(operand(site, number))


def operand(site, number):
    workload, count, *_ = site.attributes["operandSegmentSizes"]
    return list(site.operands)[workload : workload + count][number]
