"""Sums of int8 tensors that a model adds up as floats and quantizes, as ONNX's average pools: in integers, where that is proven.

Whatever their order, the float sum of numbers whose integers sum up to S lies within a bound of the true one. Where all
floats within it are quantized to the same integer, that integer is the model's; a `line` gives it. Where a sum may be a tie, the order of
the additions decides, which is iree-compile's: such means are left alone.
"""

import math

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import dispatches, emit, product
from ..product import NoMatch
from . import line, steps

LANES = (16, 8, 4)  # with MVE
WORD = 4  # int8 in it, with DSP
TURN = 8  # int8 of a turn of the loop, without
MOST = 1 << 12  # numbers of a sum, whose greatest is 255 times that
_EPSILON = 2.0**-24


def rewrite(dispatch, core):
    """Replaces a dispatch's sum and its quantization by loops for a `core.Core`; raises `NoMatch`."""
    found = _find(dispatch)
    made = _line(found)
    with dispatches.before(found.result):
        new = _emit(found, core, *made)
    found.result.replace_all_uses_with(new)
    for op in (found.epilogue, found.sum):
        op.erase()


class _Sum:
    """A sum of ``(x - zero) * scale`` over the reductions, and its elementwise epilogue. Loops are numbers of the sum's."""

    def __init__(self, op, epilogue):
        self.sum, self.epilogue = op, epilogue
        self.input, self.result = op.operands[0], epilogue.results[0]
        self.input_map, self.out_map = product.indexing_maps(op)
        if not self.input_map.is_permutation or not self.out_map.is_projected_permutation:
            raise NoMatch("its sums do not read each number once")
        shape = ir.RankedTensorType(self.input.type).shape
        self.extents = {e.position: extent for e, extent in zip(self.input_map.results, shape)}
        self.outer = [e.position for e in self.out_map.results]
        self.inner = [e.position for e in self.input_map.results if e.position not in self.outer]
        self.count = math.prod(self.extents[loop] for loop in self.inner)
        if not 1 < self.count <= MOST or min(shape) < 1:
            raise NoMatch("its sums are too long or too short")
        self.zero, self.scale = _terms(op.regions[0].blocks[0])


def _find(dispatch):
    generics = [op for op in dispatches.operations(dispatch.function) if op.name == "linalg.generic"]
    sums = [op for op in generics if any("reduction" in str(kind) for kind in op.attributes["iterator_types"])]
    if len(generics) != 2 or len(sums) != 1 or len(sums[0].operands) != 2:
        raise NoMatch("no sum of int8 as floats")
    (op,) = sums
    types = [str(ir.RankedTensorType(value.type).element_type) for value in op.operands]
    start = dispatches.defining(op.operands[1])
    if types != ["i8", "f32"] or start is None or start.name != "linalg.fill":
        raise NoMatch("no sum of int8 as floats")
    value = dispatches.defining(start.operands[0])
    using = dispatches.users(op.results[0])
    if value is None or value.name != "arith.constant" or value.attributes["value"].value != 0 or len(using) != 1:
        raise NoMatch("its sums do not start at zero, or are read twice")
    epilogue = using[0].operation
    maps = product.indexing_maps(epilogue) if epilogue.name == "linalg.generic" else []
    identity = maps and ir.AffineMap.get_identity(maps[0].n_dims)
    if len(maps) != 2 or any(m != identity for m in maps):
        raise NoMatch("its epilogue is more than a quantization")
    if str(ir.RankedTensorType(epilogue.results[0].type).element_type) != "i8":
        raise NoMatch("its result is no int8")
    return _Sum(op, epilogue)


def _terms(block):
    """(zero, scale) of a body that adds ``(x - zero) * scale``."""
    x, total = block.arguments
    *inner, end = [view.operation for view in block.operations]
    zero, scale, value = 0, None, x
    for op in inner:
        if op.name in ("arith.extsi", "arith.sitofp") and op.operands[0] == value:
            pass
        elif op.name in ("arith.subi", "arith.mulf") and op.operands[0] == value and scale is None:
            number = dispatches.defining(op.operands[1])
            if number is None or number.name != "arith.constant":
                raise NoMatch("its numbers have no constant scale")
            if op.name == "arith.subi":
                zero = ir.IntegerAttr(number.attributes["value"]).value
            else:
                scale = ir.FloatAttr(number.attributes["value"]).value
        elif op.name == "arith.addf" and {*op.operands} == {value, total}:
            pass
        else:
            raise NoMatch("it sums up something else")
        value = op.results[0]
    if not inner or inner[-1].name != "arith.addf" or end.operands[0] != value or not scale or not scale > 0 or abs(zero) > 128:
        raise NoMatch("it sums up something else")
    return zero, scale


def _line(found):
    """(`line.Line`, its least and greatest value) of the quantized sum, of the integers as they are; raises `NoMatch`."""
    block = found.epilogue.regions[0].blocks[0]
    body = steps.Body(block, block.arguments[0], {})
    (value,) = [view.operation.operands[0] for view in block.operations if view.operation.name == "linalg.yield"]
    least, greatest = -128 - found.zero, 127 - found.zero
    sums = numpy.arange(found.count * least, found.count * greatest + 1)
    # Each product is rounded once, and each sum; of so many numbers the absolute values add up to at most this.
    most = numpy.abs(sums) if least >= 0 or greatest <= 0 else numpy.full(len(sums), found.count * max(-least, greatest))
    rounds = (found.count + 2) * _EPSILON
    bound = rounds / (1 - rounds) * most * found.scale
    ends = [numpy.nextafter((sums * found.scale + way * bound).astype("f4"), numpy.float32(way * numpy.inf)) for way in (-1, 1)]
    known = [body.values(end[None]).get(value) for end in ends]
    if None in known or known[0].bits != 8:
        raise NoMatch("its quantization may fall as its sum grows")
    low, high = (one.array[0] for one in known)
    sums = sums + found.count * found.zero
    if (low != high).any():
        raise NoMatch("some of its sums lie so close to a tie that the order of the additions decides")
    places = numpy.flatnonzero(numpy.diff(low))
    if len(places) < 2 or (numpy.diff(low)[places] != 1).any():
        raise NoMatch("its steps are too large")
    limits = int(low.min()), int(low.max())
    found_steps = line.Steps(int(sums[0]), int(sums[-1]), int(low[0]), int(low[-1]), low[places + 1], sums[places], *limits)
    _, (made,) = line.choose([found_steps]) or (0, [None])
    if made is None or not numpy.array_equal(numpy.clip(made(sums), *limits), low):
        raise NoMatch("no line is its quantization")
    return made, *limits


def _emit(found, core, made, least, greatest):
    type_ = ir.RankedTensorType(found.result.type)
    out = emit.empty(list(type_.shape), type_.element_type)

    def body(at, array):
        place = dict(zip(found.outer, at))
        (total,) = emit.nest(
            [found.extents[loop] for loop in found.inner[:-1]], [emit.word(made.b)], lambda more, now: [row(place, more, now)]
        )
        return [emit.store(by_line(total), array, *at)]

    def by_line(total):
        value = emit.add(emit.high_product(total, emit.word(made.m)), emit.word(made.c))
        value = arith.shrsi(value, emit.word(made.shift))
        return emit.narrowed(arith.minsi(arith.maxsi(value, emit.word(least)), emit.word(greatest)))

    def row(place, more, total):
        """total with the numbers along the last reduction."""
        known = place | dict(zip(found.inner[:-1], more))
        last, rest = found.inner[-1], found.extents[found.inner[-1]]
        first = 0
        for width, add in _adders(core) if _is_side_by_side(found) else ():
            count, rest = divmod(rest, width)

            def add_up(number, now, width=width, add=add, first=first):
                at = known | {last: emit.plus(emit.scaled(number, width), first)}
                return [add(found.input, _position(found, at), now)]

            if count:
                (total,) = emit.loop(count, [total], add_up)
            first += count * width

        def add_one(number, now):
            value = emit.load(found.input, *_position(found, known | {last: emit.plus(number, first)}))
            return [emit.add(now, emit.widened(value))]

        (total,) = emit.loop(rest, [total], add_one) if rest else [total]
        return total

    return emit.nest([found.extents[loop] for loop in found.outer], [out], body)[0]


def _adders(core):
    """(how many neighbours, what gives a total with those at a position of an array) that core adds up at once."""
    if core.has_mve:
        return [(n, lambda array, at, now, n=n: emit.sum_of_lanes(emit.load_lanes(array, n, *at), now)) for n in LANES]
    return [(WORD, _with_word)] if core.has_dsp else [(TURN, _with_bytes)]


def _with_bytes(array, at, total):
    *outer, last = at
    for number in range(TURN):
        total = emit.add(total, emit.widened(emit.load(array, *outer, emit.plus(last, number))))
    return total


def _with_word(array, at, total):
    four, ones = emit.load_word(array, *at), emit.word(0x00010001)
    for half in range(2):
        pair = emit.intrinsic("llvm.arm.sxtb16", emit.rotated(four, 8 * half))
        total = emit.intrinsic("llvm.arm.smlad", pair, ones, total)
    return total


def _is_side_by_side(found):
    return found.input_map.results[-1].position == found.inner[-1]


def _position(found, place):
    return [place[e.position] for e in found.input_map.results]
