"""Requantization of sums by integers: one multiplication, one addition, one shift.

What a model says is floating point arithmetic, or TFLite's 64-bit one. Where a `line` gives the same
integer for every sum that the weights of a channel allow, it takes its place; what of the arithmetic
does not fit stays for channels without one. Where what is negative is rounded otherwise, lines have a `bend`; single
sums may be `exceptions`.
"""

import contextlib

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith, scf

from .. import dispatches, emit
from ..product import NoMatch, indexing_maps
from . import bend, exceptions, line, steps

MOST_EXCEPTED = 2047  # channels, whose numbers share a word with shift and addend


def find(product, is_whole=False):
    """The `Requantization` of a product; raises `NoMatch`. is_whole: whether every channel has to have a line."""
    op = product.epilogue
    if op is None:
        raise NoMatch("its sums are stored as they are")
    if str(ir.RankedTensorType(product.contraction.results[0].type).element_type) != "i32":
        raise NoMatch("its sums are not i32")
    if product.weights is None:
        raise NoMatch("neither operand is constant")
    channels = channels_of(product)
    body = body_of(product, op, channels)
    first, last = range_of(product, channels)
    value = steps.narrowed(body, first, last)
    all_steps = steps.find(body, value, first, last)
    is_bent = all_steps[0].turn is not None
    choice = (bend if is_bent else line).choose(all_steps)
    if choice is None:
        raise NoMatch(f"its sums are too {'long' if is_bent else 'short'}")
    shift, lines = choice if is_bent else exceptions.complete(all_steps, choice)
    count = sum(found is not None for found in lines)
    if exceptions.Table(lines).numbers.max() > MOST_EXCEPTED:
        raise NoMatch("the sums of too many channels are exceptions")
    if count < len(lines) and (is_whole or count * 2 < len(lines)):
        raise NoMatch(f"{len(lines) - count} of {len(lines)} channels have no line")
    made = (_Bent if is_bent else Requantization)(
        product, channels, value, lines, shift, all_steps[0].least, all_steps[0].greatest
    )
    made.is_last, made.is_shared = ends_in(op, value), is_whole
    return made


def ends_in(op, value):
    """Whether the body of op yields value, at most made narrower."""
    (end,) = [o.operation.operands[0] for o in op.regions[0].blocks[0].operations if o.operation.name == "linalg.yield"]
    last = dispatches.defining(end)
    return end == value or (last is not None and last.name == "arith.trunci" and last.operands[0] == value)


def channels_of(product):
    """The loops that number the channels, in the order of the output's dimensions."""
    own = {*product.groups, *product.channels}
    return [e.position for e in product.out_map.results if e.position in own]


def _by_channel(product, channels, array, affine_map):
    """array, [channel, 1], of a constant that is read through affine_map; None where it differs between pixels."""
    loops = [product.out_map.results[e.position].position for e in affine_map.results]
    if not set(loops) <= set(channels):
        return None
    shape = [product.extents[loop] if loop in loops else 1 for loop in channels]
    array = array.transpose(numpy.argsort([channels.index(loop) for loop in loops])).reshape(shape)
    return numpy.broadcast_to(array, [product.extents[loop] for loop in channels]).reshape(-1, 1)


def body_of(product, op, channels):
    """The epilogue as a `steps.Body`."""
    *ins, _ = op.operands
    arguments = list(op.regions[0].blocks[0].arguments)
    constants, own = {}, None
    for value, argument, affine_map in zip(ins, arguments, indexing_maps(op)):
        if value == product.contraction.results[0]:
            own = argument
            continue
        found = product.dispatch.constant(value) if isinstance(value.type, ir.RankedTensorType) else None
        array = found.array() if found else None
        if array is not None and affine_map.is_projected_permutation:
            array = array.astype(numpy.float32 if array.dtype.kind == "f" else numpy.int64)
            array = _by_channel(product, channels, array, affine_map)
        if array is not None:
            constants[argument] = array
    return steps.Body(op.regions[0].blocks[0], own, constants)


def range_of(product, channels):
    """The least and the greatest sum of each channel, whatever the activations."""
    weights = product.weights.array()
    if weights is None:
        raise NoMatch("its weights differ from call to call")
    order = [e.position for e in product.weights_map.results]
    weights = weights.transpose([order.index(loop) for loop in [*channels, *product.reductions]])
    weights = weights.reshape(product.size(channels), -1).astype(numpy.int64)
    return bounds(weights, product.activation.type.element_type.width)


def check_words(product):
    """Raises `NoMatch` unless the sums of every channel fit into words, whatever the activations."""
    first, last = range_of(product, channels_of(product))
    if first.min() < -(2**31) or last.max() >= 2**31:
        raise NoMatch("its sums may take more than 32 bits")


def bounds(weights, bits):
    """The least and the greatest sum of products of weights along their last axis and of activations of so many bits."""
    ends = weights * -(2 ** (bits - 1)), weights * (2 ** (bits - 1) - 1)
    return numpy.minimum(*ends).sum(-1), numpy.maximum(*ends).sum(-1)


class Requantization:
    """Takes the place of one value of an epilogue's body.

    count: how many channels have a line. shift: of all lines. is_last: whether the body yields it. is_shared: whether
    kernels shall be equal that differ in shift.
    """

    WORDS = 2  # of a channel in the table: factor; addend, and in the low half what sums begin with

    def __init__(self, product, channels, value, lines, shift, least, greatest):
        self.product, self.channels, self.value, self.shift = product, channels, value, shift
        self.least, self.greatest = least, greatest
        self.count = sum(found is not None for found in lines)
        self.is_whole = self.count == len(lines)
        rows = [self._row(found) if found else [0] * self.WORDS for found in lines]
        self.words = numpy.array(rows, numpy.int32).reshape(-1)
        self.exceptions = exceptions.Table(lines)
        self.table, self.is_last, self.is_shared = None, False, False

    def _row(self, found):
        return found.m, (found.c << 16) + (found.b & 0xFFFF)

    def prepare(self, has_lines=False):
        """Makes the tables, at the current insertion point.

        has_lines: whether no table of lines is needed.
        """
        self.table = None if has_lines else emit.table(self.words)
        self.exceptions.prepare(has_numbers=not has_lines)

    def _word(self, channel, number):
        return emit.load(self.table, emit.plus(emit.scaled(channel, self.WORDS), number))

    def channel(self, point):
        """The number of the channel of a point of the output."""
        loops = [e.position for e in self.product.out_map.results]
        at = [point[loops.index(loop)] for loop in self.channels]
        return emit.flat(at, [self.product.extents[loop] for loop in self.channels])

    def lines(self):
        """What the sums of each channel begin with, and what its line consists of, for `finish`, as numbers: [channel, …].

        Channels are in the order of the product's loops.
        """
        return self._by_loops(self._columns(*self._words()))

    def plain_lines(self):
        """The same, each number in a word of its own, without the numbers of exceptions and the shift that all have, for vectors
        and `sweep`."""
        return self._by_loops(self._plain(*self._words()))

    def _words(self):
        return self.words.reshape(-1, self.WORDS).T.astype(numpy.int64)

    def _by_loops(self, columns):
        loops, product = self.channels, self.product
        array = numpy.stack(columns, 1).astype(numpy.uint32).view(numpy.int32)
        array = array.reshape([*(product.extents[loop] for loop in loops), len(columns)])
        order = [loops.index(loop) for loop in [*product.groups, *product.channels]]
        return array.transpose([*order, len(loops)]).reshape(-1, len(columns))

    def _columns(self, *words):
        """The second addend shares a word with what it leaves room for, if need be: the shift, and the number of the exceptions."""
        factor, shared = words
        addend = shared >> 16
        if self._is_packed:
            addend = addend & 0xFFFF | self.shift << 16 | self.exceptions.numbers << 21
        return shared.astype(numpy.int16), factor, addend

    @property
    def _is_packed(self):
        return self.is_shared or self.exceptions.length > 0

    def _plain(self, *words):
        factor, shared = words
        return shared.astype(numpy.int16), factor, shared >> 16

    def _kept(self, *words):
        """(what a line consists of, for `_by_line`; the number of its exceptions) from the words of a caller who keeps them."""
        (factor, shared), sixteen = words, emit.word(16)
        if not self._is_packed:
            return (factor, shared, emit.word(self.shift)), None
        addend = emit.hidden(arith.shrsi(arith.shli(shared, sixteen), sixteen))
        return (factor, addend, self._shift(arith.shrui(shared, sixteen))), arith.shrui(shared, emit.word(21))

    def _shift(self, kept):
        """The product's shift: a constant, or, where kernels that differ in it alone shall be one, from the low bits of a word."""
        return arith.andi(kept, emit.word(31)) if self.is_shared else emit.word(self.shift)

    def start(self, channel):
        """What the sums of a channel begin with."""
        sixteen = emit.word(16)
        return arith.shrsi(arith.shli(self._word(channel, 1), sixteen), sixteen)

    @contextlib.contextmanager
    def without_exceptions(self):
        """Within it `finish` is for channels that have none."""
        kept, self.exceptions = self.exceptions, exceptions.Table([])
        yield
        self.exceptions = kept

    def finish(self, sums, channel, otherwise, line=None):
        """The values for sums of one channel; otherwise(sum) gives it where the channel has no line.

        line: its words, where they do not come from the table.
        """
        (factor, *others), number = self._kept(*line) if line else (self._numbers(channel), None)
        sums = self.exceptions.apply(sums, channel, number)
        if self.is_whole:
            return [self._narrow(self._by_line(value, factor, *others)) for value in sums]
        has_line = arith.cmpi(arith.CmpIPredicate.ne, factor, emit.word(0))
        choice = scf.IfOp(has_line, [self.value.type] * len(sums), has_else=True)
        with ir.InsertionPoint(choice.then_block):
            scf.yield_([self._narrow(self._by_line(value, factor, *others)) for value in sums])
        with ir.InsertionPoint(choice.else_block):
            scf.yield_([otherwise(value) for value in sums])
        return list(choice.results)

    @property
    def has_vectors(self):
        """Whether finish_channels() gives all that becomes of a sum."""
        return self.is_whole and self.is_last

    @property
    def has_lanes(self):
        """Whether finish_lanes() gives all that becomes of a sum."""
        return self.is_whole and self.is_last

    def finish_lanes(self, sums, channel, lanes):
        """The values, as vectors of i8, for vectors of sums of one channel whose line has no exceptions; on a core with MVE."""
        numbers = [*self._numbers(channel), *map(emit.word, (self.least, self.greatest))]
        factor, addend, shift, least, greatest = (emit.lanes_of(number, lanes) for number in numbers)
        values = [arith.shrsi(emit.add(emit.high_products(value, factor), addend), shift) for value in sums]
        return [emit.narrowed_lanes(arith.minsi(arith.maxsi(value, least), greatest)) for value in values]

    def finish_channels(self, sums, *lines):
        """The values, as vectors of i8, for vectors of the sums of some channels; on a core with MVE.

        lines: what the channels' lines consist of, the factors first, as vectors.
        """
        lanes = ir.VectorType(sums[0].type).shape[0]
        least, greatest = (emit.lanes_of(emit.word(number), lanes) for number in (self.least, self.greatest))
        values = [self._by_lines(value, *lines) for value in sums]
        return [emit.narrowed_lanes(arith.minsi(arith.maxsi(value, least), greatest)) for value in values]

    def _by_lines(self, value, *lines):
        factor, addend = lines
        shift = emit.lanes_of(emit.word(self.shift), ir.VectorType(value.type).shape[0])
        return arith.shrsi(emit.add(emit.high_products(value, factor), addend), shift)

    def _numbers(self, channel):
        """What a channel's line consists of, the factor first, for `_by_line`.

        All are loaded before any is hidden: LLVM takes a load behind assembly for one that it has to repeat.
        """
        factor, shared = (self._word(channel, number) for number in range(2))
        return factor, emit.hidden(arith.shrsi(shared, emit.word(16))), emit.word(self.shift)

    def _by_line(self, value, *numbers):
        factor, addend, shift = numbers
        return arith.shrsi(emit.add(emit.high_product(value, factor), addend), shift)

    def _narrow(self, value):
        value = arith.minsi(arith.maxsi(value, emit.word(self.least)), emit.word(self.greatest))
        return value if self.value.type == emit.i32() else arith.trunci(self.value.type, value)


class _Bent(Requantization):
    """By lines with a bend, of which each has a shift of its own; that of all is to the left."""

    has_lanes = False
    WORDS = 3  # of a channel: factor; addend of sums that were shifted; second addend, and in the low five bits the last shift

    def _row(self, found):
        return found.m, found.b, (found.c << 5) + found.shift

    def _columns(self, *words):
        factor, first, second = words
        return numpy.zeros_like(factor), factor, first, second >> 5, second & 31 | (self.shift << 5 if self.is_shared else 0)

    def _plain(self, *words):
        factor, first, second = words
        return numpy.zeros_like(factor), factor, first, second >> 5, second & 31

    def _kept(self, *words):
        factor, first, second, shifts = words
        last = arith.andi(shifts, emit.word(31)) if self.is_shared else shifts
        return (factor, first, second, last, self._shift(arith.shrui(shifts, emit.word(5)))), None

    def start(self, channel):
        return emit.word(0)

    def _numbers(self, channel):
        factor, first, last = (self._word(channel, number) for number in range(3))
        return (
            factor,
            emit.hidden(first),
            emit.hidden(arith.shrsi(last, emit.word(5))),
            emit.hidden(arith.andi(last, emit.word(31))),
            emit.word(self.shift),
        )

    def _by_line(self, value, *numbers):
        factor, first, second, shift, up = numbers
        value = emit.add(arith.shli(value, up), first)
        second = emit.add(second, arith.shrsi(value, emit.word(31)))
        return arith.shrsi(emit.add(emit.high_product(value, factor), second), shift)

    def _by_lines(self, value, *lines):
        factor, first, second, shift = lines
        up, end = (emit.lanes_of(emit.word(number), ir.VectorType(value.type).shape[0]) for number in (self.shift, 31))
        value = emit.add(arith.shli(value, up), first)
        second = emit.add(second, arith.shrsi(value, end))
        return arith.shrsi(emit.add(emit.high_products(value, factor), second), shift)
