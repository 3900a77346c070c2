"""Multiply-accumulates of each dispatch, and which kind of product they are, from the model at the flow phase.

There (``iree-compile --compile-to=flow``) every dispatch is an executable of linalg operations,
of which the loops' extents stand in the types.
"""

import json
import math
from pathlib import Path

from iree.compiler import ir

from ..modules import parsed

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


def _arguments(value, block):
    """The block's arguments that value is computed from, by their position."""
    if isinstance(value, ir.BlockArgument):
        return {value.arg_number} if value.owner == block else set()
    return set().union(*(_arguments(operand, block) for operand in value.owner.operands), set())


def _is_product_sum(op, summed):
    """Whether op adds up products of two operands, both of which run through the summed loops."""
    block = op.regions[0].blocks[0]
    total = list(block)[-1].operation.operands[0]
    if isinstance(total, ir.BlockArgument) or total.owner.name not in _ADD:
        return False
    for term in total.owner.operands:
        if not isinstance(term, ir.BlockArgument) and term.owner.name in _MULTIPLY:
            left, right = (_arguments(factor, block) & summed for factor in term.owner.operands)
            return bool(left and right and left != right)
    return False


def _of(op):
    """The multiply-accumulates of one linalg operation."""
    if "indexing_maps" not in op.attributes or not op.regions:
        return 0
    *inputs, output = (attribute.value for attribute in op.attributes["indexing_maps"])
    kept = [str(expression) for expression in output.results]
    summed = {n for n, m in enumerate(inputs) if any(str(expression) not in kept for expression in m.results)}
    if not _is_product_sum(op, summed):
        return 0
    return math.prod(max(extent, 0) for extent in _extents(op).values())


def _kind(op):
    """What kind of product an operation is, in the words of `timing.cores.loops`; None for any other, and depthwise ones."""
    elements = {str(ir.ShapedType(operand.type).element_type) for operand in list(op.operands)[:2]}
    loops = [{e.position for e in a.value.results if isinstance(e, ir.AffineDimExpr)} for a in op.attributes["indexing_maps"]]
    if len(elements) != 1 or len(loops) != 3:
        return None
    # Of the output's loops: those that one of the factors does not know use its values again.
    factors, extents = [_mentioned(a.value) for a in list(op.attributes["indexing_maps"])[:2]], _extents(op)
    again, other = (math.prod(extents.get(n, 1) for n in loops[2] & mine - its) for mine, its in (factors, factors[::-1]))
    both = math.prod(extents.get(n, 1) for n in loops[2] & factors[0] & factors[1])
    element = {"i8": "int8", "f32": "float"}.get(*elements)
    if element is None or (both > 1 and min(again, other) == 1):
        return None
    return f"{element} {'of many pixels' if min(again, other) > 1 else 'of one pixel'}"


def _mentioned(affine_map):
    """The loops in a map's expressions."""
    found = set()

    def walk(expression):
        if isinstance(expression, ir.AffineDimExpr):
            found.add(expression.position)
        elif isinstance(expression, ir.AffineBinaryExpr):
            walk(expression.lhs)
            walk(expression.rhs)

    for expression in affine_map.results:
        walk(expression)
    return found


def count(module):
    """{name of the dispatch: [multiply-accumulates, the kind of product they are or None]} of a module (bytes) at the flow phase."""
    with parsed(module, "flow") as program:
        return {
            block_op.operation.attributes["sym_name"].value: _counted(block_op.operation)
            for block_op in program.body
            if block_op.operation.name == "flow.executable"
        }


def _counted(executable):
    products = [(work, op) for op in _operations(executable) if op.name.startswith("linalg.") and (work := _of(op))]
    kinds = {_kind(op) for _, op in products}
    return [sum(work for work, _ in products), kinds.pop() if len(kinds) == 1 else None]


def write(source, target):
    """Counts in the file source; writes JSON to target."""
    Path(target).write_text(json.dumps(count(Path(source).read_bytes()), indent=1) + "\n")
