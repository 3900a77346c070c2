"""Multiply-accumulates of each dispatch, counted in the model at the flow phase.

There (``iree-compile --compile-to=flow``) every dispatch is an executable of linalg operations,
of which the loops' extents stand in the types.
"""

import json
from pathlib import Path

from iree.compiler import ir

from .errors import BaremetalError

_MULTIPLY, _ADD = {"arith.muli", "arith.mulf"}, {"arith.addi", "arith.addf"}


def _operations(op):
    for region in op.regions:
        for block in region:
            for inner in block:
                yield inner.operation
                yield from _operations(inner.operation)


def _extents(op):
    """The extents of op's loops: of each dimension that stands alone in an operand's map."""
    extents = {}
    for map_attribute, operand in zip(op.attributes["indexing_maps"], op.operands):
        shape = ir.ShapedType(operand.type).shape
        for expression, extent in zip(map_attribute.value.results, shape):
            if isinstance(expression, ir.AffineDimExpr):
                extents[expression.position] = extent
    return extents


def _of(op):
    """The multiply-accumulates of one linalg operation."""
    if "indexing_maps" not in op.attributes or not op.regions:
        return 0
    body = {inner.operation.name for inner in op.regions[0].blocks[0]}
    *inputs, output = (attribute.value for attribute in op.attributes["indexing_maps"])
    kept = [str(expression) for expression in output.results]
    # A product sums over loops that both of its factors run through; a mean has but one such factor.
    summed = [m for m in inputs if any(str(expression) not in kept for expression in m.results)]
    if len(summed) < 2 or not (body & _MULTIPLY and body & _ADD):
        return 0
    count = 1
    for extent in _extents(op).values():
        count *= max(extent, 0)
    return count


def count(module):
    """{name of the dispatch: multiply-accumulates} of a module (bytes) at the flow phase."""
    with ir.Context() as context:
        try:
            parsed = ir.Module.parse(module, context)
        except ir.MLIRError as error:
            raise BaremetalError(f"the model at the flow phase cannot be read: {error}") from error
        return {
            block_op.operation.attributes["sym_name"].value: sum(
                _of(op) for op in _operations(block_op.operation) if op.name.startswith("linalg.")
            )
            for block_op in parsed.body
            if block_op.operation.name == "flow.executable"
        }


def write(source, target):
    """Counts in the file source; writes JSON to target."""
    Path(target).write_text(json.dumps(count(Path(source).read_bytes()), indent=1) + "\n")

