"""Sums over rows as loops of ours, one number after the other, for kernels that add rows to what is there (`few_rows`).

So each product of floats is rounded before it is added, in the order of the numbers, as the model's own engine does it. Cores that
multiply and add at once (VFMA) round once, and vectors have another order: a sum that is a tie when it is quantized may then fall to the
other side.
"""

from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import dispatches, emit, product


def matter(core):
    """Whether a `core.Core` multiplies and adds at once, or has vectors."""
    return core.fuses or not core.is_scalar or "+f" in core.features


def replace(op):
    """Puts loops in the place of the linalg.generic op, which adds to its last operand."""
    *maps, out_map = product.indexing_maps(op)
    *inputs, start = op.operands
    extents = {}
    for value, own in zip(inputs, maps):
        for expression, extent in zip(own.results, value.type.shape if isinstance(value.type, ir.RankedTensorType) else ()):
            extents[expression.position] = extent
    outer = [e.position for e in out_map.results]
    inner = [loop for loop in sorted(extents) if loop not in outer]
    turns, block = [extents[loop] for loop in inner], op.regions[0].blocks[0]
    with dispatches.before(op.results[0]):

        def add(place, total):
            dims = [place.get(loop) for loop in range(out_map.n_dims)]
            values = [emit.load(v, *emit.point(m, dims)) if m.results else v for v, m in zip(inputs, maps)]
            return _computed(block, [*values, total])

        def body(at, array):
            place = dict(zip(outer, at))
            target = [place[e.position] for e in out_map.results]
            add_one = lambda more, total: [add(place | dict(zip(inner, more)), total)]  # noqa: E731
            (total,) = emit.nest(turns, [emit.load(array, *target)], add_one)
            return [emit.store(total, array, *target)]

        (new,) = emit.nest([extents[loop] for loop in outer], [start], body)
    op.results[0].replace_all_uses_with(new)
    op.erase()


def _rounded(value):
    """A float, of which LLVM does not see that it is a product."""
    return arith.bitcast(value.type, emit.hidden(arith.bitcast(emit.i32(), value)))


def _is_product(value):
    op = dispatches.defining(value)
    return op is not None and op.name == "arith.mulf" and str(value.type) == "f32"


def _computed(block, arguments):
    """What block yields for arguments."""
    known = dict(zip(block.arguments, arguments))
    for view in block.operations:
        op = view.operation
        operands = [known.get(value, value) for value in op.operands]
        if op.name == "arith.addf":
            operands = [_rounded(v) if _is_product(v) else v for v in operands]
        if op.name == "linalg.yield":
            return operands[0]
        made = ir.Operation.create(op.name, [r.type for r in op.results], operands, {n: op.attributes[n] for n in op.attributes})
        known.update(zip(op.results, made.results))
    raise AssertionError("a linalg.generic ends with what it yields")
