"""Kernels that LLVM compiles for size: all of them, or those that take little of an inference's time.

LLVM has attributes of functions for it. Of the least what has no products also goes through the plainest of iree-compile's
pipelines, as vectors would only be code, unless that would put tensors on the stack.
"""

import contextlib
import math
from dataclasses import dataclass

from iree.compiler import ir

from . import dispatches, product

LITTLE, LEAST = 0.0125, 0.005  # of an inference's time: what is compiled for size, and for size at any cost
PRODUCT, FUNCTION, ELEMENT, STEP = 2, 20, 4, 1  # cycles of a multiply-accumulate, of exp and its like, …, about
LARGEST = 512  # bytes of tensors on the stack
# By 3.13.0, and by versions before it.
_PLAIN = ("#iree_cpu.pipeline<Default>", "CPUDefault")


@dataclass(frozen=True)
class Work:
    """What a dispatch does as iree-compile leaves it.

    cycles: of one call, about; 0 where sizes are known at run time only. is_product: whether it is one that rewrites may take.
    is_plain: whether it has tensors of its own that take few bytes only, and nothing but plain operations.
    """

    cycles: int
    is_product: bool
    is_plain: bool


def work(dispatch):
    """The `Work` of a dispatch."""
    found = product.find_any(dispatch)
    if found:
        return Work(math.prod(found.extents) * PRODUCT, True, False)
    return Work(sum(map(_cycles, computing(dispatch))), False, _is_plain(dispatch))


def _cycles(op):
    inner = [o.name for o in dispatches.operations(op)]
    each = ELEMENT + sum(FUNCTION if name.startswith("math.") else STEP for name in inner)
    return each * max(_size(value.type) for value in [*op.operands, *op.results])


def computing(dispatch):
    """Its operations of linalg."""
    return [op for op in dispatches.operations(dispatch.function) if op.name.startswith("linalg.") and op.name != "linalg.yield"]


def _size(type_):
    """Elements; 0 of what is no tensor, or of unknown shape."""
    if not isinstance(type_, ir.RankedTensorType):
        return 0
    shape = ir.RankedTensorType(type_).shape
    return math.prod(shape) if min(shape, default=0) >= 0 else 0


def has_product(dispatch):
    """Whether there is a product that no rewrite has taken: without the compiler's vectors it takes several times as long."""
    return product.find_any(dispatch) is not None


def _is_plain(dispatch):
    """Sums of floats are not plain: each pipeline has its order of additions, and a quantized tie goes by it."""
    if any(map(adds_floats, computing(dispatch))):
        return False
    own = [op for op in computing(dispatch) if not all(user.name == _STORE for r in op.results for user in dispatches.users(r))]
    others = {op.name.split(".")[0] for op in dispatches.operations(dispatch.function)} - _KNOWN
    return not others and sum(_size(r.type) * 4 for op in own for r in op.results) <= LARGEST


def adds_floats(op):
    """Whether an operation of linalg sums floats up."""
    reduces = "iterator_types" in op.attributes and "reduction" in str(op.attributes["iterator_types"])
    return reduces and any(o.name == "arith.addf" for o in dispatches.operations(op))


_STORE = "iree_tensor_ext.dispatch.tensor.store"
_KNOWN = {"arith", "math", "linalg", "tensor", "iree_tensor_ext", "func"}


def shorten(dispatch, at_any_cost, plainly):
    """Has a dispatch compiled for size; plainly: by the plainest pipeline."""
    context = dispatch.function.context
    names = [ir.StringAttr.get(name, context) for name in (("minsize", "optsize") if at_any_cost else ("optsize",))]
    dispatch.function.attributes["passthrough"] = ir.ArrayAttr.get(names, context)
    for name in _PLAIN if plainly else ():
        with contextlib.suppress(ir.MLIRError):
            text = f"#iree_codegen.translation_info<pipeline = {name}>"
            dispatch.function.attributes["translation_info"] = ir.Attribute.parse(text, context)
            break
