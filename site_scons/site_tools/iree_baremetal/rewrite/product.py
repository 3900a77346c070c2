"""Products of arrays: convolutions, matrix and vector products, seen as one thing.

A `Product` is ``out[group, channel, pixel] = sum over k of weights[group, channel, k] * activation[group, pixel, k]``
with an elementwise epilogue. Each of the four may be several loops of the original operation.
"""

import contextlib
from dataclasses import dataclass

from iree.compiler import ir

from . import dispatches


class NoMatch(Exception):
    """Why a pattern does not fit, for verbose=1."""


@dataclass
class Padding:
    """What lies around a product's activation, and is nowhere in memory.

    low: elements before it, along each dimension; value: of all of them. op: the tensor.pad.
    """

    op: ir.OpView
    low: list
    value: int


def padding_of(value):
    """The `Padding` behind a tensor that is used once, or None."""
    op = dispatches.defining(value)
    if op is None or op.name != "tensor.pad" or len(op.operands) != 1 or len(dispatches.users(value)) != 1:
        return None
    constant = dispatches.defining(op.regions[0].blocks[0].operations[-1].operands[0])
    if (
        constant is None
        or constant.name != "arith.constant"
        or min(*op.attributes["static_low"], *op.attributes["static_high"]) < 0
    ):
        return None
    return Padding(op, list(op.attributes["static_low"]), constant.attributes["value"].value)


@dataclass
class Product:
    """A product found in a dispatch. Loops are numbers of the contraction's iteration space."""

    dispatch: dispatches.Dispatch
    contraction: ir.OpView  # the linalg.generic
    epilogue: ir.OpView | None  # a linalg.generic on its result, or None
    activation: object
    weights: dispatches.Constant  # None where both operands are known at run time only
    factors: object  # the value that the weights are
    activation_map: ir.AffineMap
    weights_map: ir.AffineMap
    out_map: ir.AffineMap
    extents: list
    groups: list  # loops over activation, weights and output
    channels: list  # … over weights and output
    pixels: list  # … over activation and output
    reductions: list  # … over activation and weights
    padding: Padding | None = None  # of the activation; activation_map counts it in

    def __post_init__(self):
        # The tensors that the epilogue reads and that are no constants, as a residual. Found at once: a rewrite changes
        # what is seen to be constant.
        ins = list(self.epilogue.operands)[:-1] if self.epilogue else []
        own = self.contraction.results[0]
        self.added = [v for v in ins if v != own and isinstance(v.type, ir.RankedTensorType) and not self.dispatch.constant(v)]

    def size(self, loops):
        result = 1
        for loop in loops:
            result *= self.extents[loop]
        return result

    @property
    def result(self):
        """The value that the product with its epilogue stands for."""
        return (self.epilogue or self.contraction).results[0]

    @property
    def is_pointwise(self):
        """Whether no two pixels share an activation."""
        for expression in self.activation_map.results:
            loops = {loop for loop, _ in terms(expression)}
            if loops & {*self.pixels} and len(loops) > 1:
                return False
        return True

    @property
    def may_lie_over(self):
        """Whether the output may lie over an input: what is computed twice would then be read after it was written."""
        return self.is_pointwise or bool(self.added)

    @property
    def padded(self):
        """The dimensions of the activation that are padded."""
        high = self.padding.op.attributes["static_high"] if self.padding else []
        return [n for n, low in enumerate(self.padding.low if self.padding else []) if low or high[n]]


def _yields_multiply_add(op, element):
    """Whether the body is ``out + extsi(a) * extsi(b)``, or of floats ``out + a * b``."""
    body = op.regions[0].blocks[0]
    names = [o.operation.name for o in body.operations]
    if element == "f32":
        return yields_multiply_add_of_floats(op)
    if names != ["arith.extsi", "arith.extsi", "arith.muli", "arith.addi", "linalg.yield"]:
        return False
    first, second, multiply, add, _ = [o.operation for o in body.operations]
    a, b, out = body.arguments
    products = {first.operands[0], second.operands[0]} == {a, b}
    multiplies = set(multiply.operands) == {first.results[0], second.results[0]}
    return products and multiplies and set(add.operands) == {out, multiply.results[0]}


def yields_multiply_add_of_floats(op):
    body = op.regions[0].blocks[0]
    if [o.operation.name for o in body.operations] != ["arith.mulf", "arith.addf", "linalg.yield"]:
        return False
    multiply, add, end = [o.operation for o in body.operations]
    a, b, out = body.arguments
    return {*multiply.operands} == {a, b} and {*add.operands} == {out, multiply.results[0]} and end.operands[0] == add.results[0]


def indexing_maps(op):
    return [ir.AffineMapAttr(a).value for a in op.attributes["indexing_maps"]]


def loops_of(affine_map):
    """The loops that a map mentions."""
    found = set()

    def walk(expression):
        if isinstance(expression, ir.AffineDimExpr):
            found.add(expression.position)
        elif isinstance(expression, (ir.AffineAddExpr, ir.AffineMulExpr)):
            walk(expression.lhs)
            walk(expression.rhs)
        elif not isinstance(expression, ir.AffineConstantExpr):
            raise NoMatch(f"its access {affine_map} is not a sum of loops")

    for expression in affine_map.results:
        walk(expression)
    return found


def terms(expression):
    """(loop, factor) of each term of an affine expression; of a constant, loop is None."""
    if isinstance(expression, ir.AffineDimExpr):
        return [(expression.position, 1)]
    if isinstance(expression, ir.AffineConstantExpr):
        return [(None, expression.value)]
    if isinstance(expression, ir.AffineAddExpr):
        return terms(expression.lhs) + terms(expression.rhs)
    if isinstance(expression, ir.AffineMulExpr) and isinstance(expression.rhs, ir.AffineConstantExpr):
        return [(loop, factor * expression.rhs.value) for loop, factor in terms(expression.lhs)]
    raise NoMatch(f"its access {expression} is not a sum of loops")


def _is_zero_fill(value):
    op = dispatches.defining(value)
    if op is None or op.name != "linalg.fill":
        return False
    constant = dispatches.defining(op.operands[0])
    return constant is not None and constant.name == "arith.constant" and constant.attributes["value"].value == 0


_ELEMENTWISE = ("arith.", "math.", "linalg.yield")


def _epilogue(contraction):
    """The elementwise operation on the contraction's result, or None where it is stored as it is."""
    result = contraction.results[0]
    using = dispatches.users(result)
    if len(using) != 1:
        raise NoMatch("its sums have several users")
    op = using[0].operation
    if op.name != "linalg.generic":
        return None
    if len(op.results) != 1 or any("parallel" not in str(k) for k in op.attributes["iterator_types"]):
        return None
    *ins, _ = op.operands
    position = list(ins).index(result) if result in list(ins) else None
    maps = indexing_maps(op)
    rank = maps[-1].n_dims
    identity = ir.AffineMap.get_identity(rank)
    if position is None or maps[position] != identity or maps[-1] != identity:
        raise NoMatch("its epilogue permutes the sums")
    if list(op.regions[0].blocks[0].arguments[len(ins)].uses):
        raise NoMatch("its epilogue updates an array")
    if not all(inner.name.startswith(_ELEMENTWISE) for inner in dispatches.operations(op)):
        raise NoMatch("its epilogue is more than arithmetic")
    return op


_PLAIN = ("linalg.fill", "linalg.yield", "linalg.index")


def _multiplies_and_adds(op, element):
    return "indexing_maps" in op.attributes and _yields_multiply_add(op, element)


def is_product(op):
    """Whether a linalg.generic multiplies and adds."""
    return len(op.operands) == 3 and any(_multiplies_and_adds(op, element) for element in ELEMENTS)


# By the element of the activations: that of the weights, those that sums may have, what to call it.
_KINDS = {
    "i8": ("i8", ("i32",), "int8 product"),
    "i16": ("i8", ("i32", "i64"), "16x8 product"),
    "f32": ("f32", ("f32",), "product of floats"),
}
ELEMENTS = tuple(_KINDS)


def find(dispatch, is_constant=True, element="i8", takes_padding=False):
    """The `Product` of a dispatch; raises `NoMatch`.

    is_constant: whether one operand is a constant of the model. element: the type of the activations, of `ELEMENTS`.
    takes_padding: whether its activation may be padded.
    """
    factor, sums, name = _KINDS[element]
    generics = [op for op in dispatches.operations(dispatch.function) if op.name.startswith("linalg.") and op.name not in _PLAIN]
    candidates = [op for op in generics if len(op.operands) == 3 and len(op.results) == 1 and _multiplies_and_adds(op, element)]
    if len(candidates) != 1:
        raise NoMatch(f"no {name}" if not candidates else "several products")
    op = candidates[0]
    elements = [element_of(value) for value in op.operands]
    if sorted(elements[:2]) != sorted((element, factor)):
        raise NoMatch(f"its operands are not {element if element == factor else f'{element} and {factor}'}")
    if elements[2] not in sums:
        raise NoMatch(f"its sums are not {' or '.join(sums)}")
    if not _is_zero_fill(op.operands[2]):
        raise NoMatch("its sums do not start at zero")
    maps = indexing_maps(op)
    for position in (1, 0):
        weights = dispatch.constant(op.operands[position]) if elements[position] == factor else None
        if weights and maps[position].is_projected_permutation and maps[2].is_projected_permutation:
            if not is_constant:
                raise NoMatch("one operand is constant")
            found = _alone(_roles(dispatch, op, weights, position, maps), generics)
            if found.padding and not takes_padding:
                raise NoMatch("its input is padded")
            return found
    if is_constant:
        raise NoMatch("neither operand is constant")
    if not all(m.is_projected_permutation for m in maps):
        raise NoMatch("its accesses are not plain")
    return _alone(_roles(dispatch, op, None, 1, maps), generics)


def find_any(dispatch):
    """The `Product` of a dispatch, of any of `ELEMENTS`, whose activation may be padded; None where there is none."""
    for element in ELEMENTS:
        with contextlib.suppress(NoMatch):
            return find(dispatch, element=element, takes_padding=True)
    return None


def element_of(value):
    """The name of the element type of a tensor."""
    return str(ir.RankedTensorType(value.type).element_type)


def _alone(found, generics):
    if set(generics) - {found.contraction, found.epilogue}:
        raise NoMatch("other operations share its dispatch")
    return found


def _roles(dispatch, op, weights, position, maps):
    weights_map, activation_map, out_map = maps[position], maps[1 - position], maps[2]
    extents = [0] * out_map.n_dims
    for value, affine_map in ((op.operands[position], weights_map), (op.results[0], out_map)):
        for expression, extent in zip(affine_map.results, ir.RankedTensorType(value.type).shape):
            extents[expression.position] = extent
    w, a, o = loops_of(weights_map), loops_of(activation_map), loops_of(out_map)
    if any(extent <= 0 for extent in extents):
        raise NoMatch("a loop's extent is not known from weights and sums")
    activation = op.operands[1 - position]
    padding = padding_of(activation)
    return Product(
        dispatch, op, _epilogue(op), padding.op.operands[0] if padding else activation, weights, op.operands[position],
        activation_map, weights_map, out_map, extents,
        groups=sorted(w & a & o), channels=sorted((w & o) - a), pixels=sorted((a & o) - w), reductions=sorted((w & a) - o),
        padding=padding,
    )  # fmt: skip
