"""Depthwise convolutions of int8, of 16x8, and of floats whose input is padded, channel by channel.

Two neighbouring pixels, or as many as registers allow, share the activations that they are computed from; the taps of a
channel stay in registers. With DSP, registers hold two taps each, which SMLAD and its relatives multiply;
activations come by words where those of a row lie side by side (channels first), else one by one. Sums are words, also of 16x8,
whose weights have to allow that.

Where they are padded, each channel is copied to a plane of its own first, which has the padding; from there they come
by words. The output may then lie over the input.
"""

import functools
import math

import numpy
from iree.compiler import ir

from ..plan import slabs
from . import dispatches, emit, epilogue, tiling
from .by_rows import counted
from .integers import requantization
from .mve import lanes
from .product import NoMatch, element_of
from .taps import FloatTaps, PairedTaps, SingleTaps

PIXELS = 2  # of a tile, along a row
MOST = 6  # of floats, whose sums and taps are in the FPU's registers; of int8, to be tried
FINISH, TURN = 12, 10  # instructions for a sum, once it is added up, and for a tile, about
REGISTERS = 24  # of a core that has 31, for taps, sums and activations
MAXIMUM_TAPS = 49  # all of them are unrolled
LANES = 4  # that are copied at once


def rewrite(product, has_dsp, channels_last=True, has_mve=False, is_wide=False):
    """Replaces a depthwise product by loops; raises `NoMatch`.

    channels_last: also where not the taps, but the channels lie side by side. has_mve: whether there are vectors (`lanes`).
    is_wide: whether the core has registers for the sums of some pixels beside the taps.
    """
    if not product.groups:
        raise NoMatch("all channels share their input")
    if product.size(product.reductions) > MAXIMUM_TAPS:
        raise NoMatch(f"more than {MAXIMUM_TAPS} taps")
    loops = _Loops(product, has_dsp, channels_last, has_mve, is_wide)
    if loops.is_packed:
        loops.packed = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


def term(expression):
    """{loop: factor} of a sum of loops times factors."""
    if isinstance(expression, ir.AffineDimExpr):
        return {expression.position: 1}
    if isinstance(expression, ir.AffineAddExpr):
        return term(expression.lhs) | term(expression.rhs)
    if isinstance(expression, ir.AffineMulExpr) and isinstance(expression.lhs, ir.AffineDimExpr):
        return {expression.lhs.position: expression.rhs.value}
    raise NoMatch(f"its access {expression} is not a sum of loops")


def window(product):
    """(the loop along a row of pixels, that along its taps, the dimension of the activations that they number)."""
    for dimension in reversed(range(len(product.activation_map.results))):
        found = term(product.activation_map.results[dimension])
        row = next((loop for loop in product.pixels if loop in found), None)
        tap = next((loop for loop in product.reductions if found.get(loop) == 1), None)
        if row is not None and tap is not None and len(found) == 2:
            return row, tap, dimension
    raise NoMatch("no row of its taps is a row of activations")


class _Loops:
    packed = None  # the weights, as pack() gives them

    def __init__(self, product, has_dsp, channels_last, has_mve, is_wide):
        self.product, self.has_dsp = product, has_dsp
        self.row, self.tap, self.dimension = window(product)
        found = counted.find(product)
        self.counted = found if found and found.loop != self.row else None
        by_row = term(product.activation_map.results[self.dimension])
        self.plane = _Plane(product) if product.padding else None
        is_last = self.dimension == len(product.activation_map.results) - 1
        self.is_side_by_side = bool(self.plane) or is_last and is_contiguous(product.activation)
        if not channels_last and not self.is_side_by_side:
            raise NoMatch("its taps do not lie side by side")
        self.stride, self.width = by_row[self.row], product.extents[self.row]
        element = element_of(product.activation)
        self.is_float, self.in_word = element == "f32", 2 if element == "i16" else 4
        self.rows = [loop for loop in product.reductions if loop != self.tap]
        self.taps = product.extents[self.tap]
        most = MOST if self.is_float else max(PIXELS, (REGISTERS - product.size(product.reductions)) // 2)
        sizes = range(1, min(most, MOST, self.width) + 1) if self.is_float or is_wide else [min(PIXELS, self.width)]
        self.tile = self._tile_of(min(sizes, key=self._cycles))
        if element_of(product.contraction.results[0]) == "i64":
            requantization.check_words(product)
        self.epilogue = epilogue.Epilogue(product)  # a search: last, when all else matches
        self.by_lanes = has_mve and element == "i8" and lanes.fits(self)
        # Kernels by rows load their taps again and again.
        self.is_packed = has_dsp and not self.is_float and not self.by_lanes and slabs.of(product.dispatch.function) is not None

    def pairs(self):
        """The taps (row, tap) that lie in one register of `PairedTaps` each, two by two."""
        uses = [
            [(row, tap) if tap is not None else None for tap in taps]
            for row in emit.box(self.extents(self.rows))
            for step in self.steps()
            for _, _, taps in self.uses(*step)
        ]
        whole = list(dict.fromkeys(tuple(taps) for taps in uses if len(taps) == 2 and None not in taps))
        # Taps that are only used alone share registers, too.
        kept = {tap for pair in whole for tap in pair}
        alone = list(dict.fromkeys(tap for taps in uses for tap in taps if tap is not None and tap not in kept))
        return whole + list(zip(alone[::2], alone[1::2] + alone[-1:]))

    def pack(self, weights):
        """The weights as words: for each channel, of every two pairs of taps the one in the bytes 0 and 2, the other in 1 and 3."""
        product, pairs = self.product, self.pairs()
        order = [e.position for e in product.weights_map.results]
        outer = [*product.groups, *product.channels]
        array = weights.transpose([order.index(loop) for loop in [*outer, *self.rows, self.tap]])
        array = array.reshape(-1, *self.extents([*self.rows, self.tap]))
        taps = [
            array[(slice(None), *row, tap)]
            for one, other in zip(pairs[::2], pairs[1::2] + pairs[-1:])
            for row, tap in (one[0], other[0], one[1], other[1])
        ]
        return numpy.ascontiguousarray(numpy.stack(taps, 1)).view("<i4").reshape(-1)

    def _cycles(self, tile):
        """Of a row in tiles of so many pixels, about."""
        loads = self.product.size(self.rows) * (self.stride * (tile - 1) + self.taps)
        each = 2 * self.product.size(self.product.reductions) + FINISH
        return len(tiling.bases(self.width, tile)) * (TURN + loads + tile * each)

    def _tile_of(self, own):
        """How many pixels a tile has: own, or what the kernel's form asks for."""
        most = range(1, min(MOST, self.width) + 1)
        return self.product.dispatch.form.best(most, lambda n: n != own, lambda n: f"{n}x1", self._cycles)

    def emit(self, type_):
        self.epilogue.prepare()
        out = emit.empty(list(type_.shape), type_.element_type)
        outer = [*self.product.groups, *self.product.channels]

        def body(at, array, *plane):
            channel = dict(zip(outer, at))
            own = [self.plane.copy(channel, *plane, self.counted)] if self.plane else []
            return [*self._channel(channel, array, *(own or [self.product.activation])), *own]

        return emit.nest(self.extents(outer), [out, *([self.plane.empty()] if self.plane else [])], body)[0]

    def extents(self, loops):
        return [self.product.extents[loop] for loop in loops]

    def _channel(self, channel, out, activation):
        """[out] with all pixels of a channel."""
        if not self.by_lanes:
            return self._plainly(channel, out, activation)
        taps = SingleTaps(self, channel).taps
        return lanes.channel(self, channel, taps, out, activation, lambda array: self._by_scalars(channel, array, activation))

    def _plainly(self, channel, out, activation):
        """The same by scalars, in loops of their own for channels without exceptions: these loops are unrolled."""
        made = self.epilogue.requantization
        by_scalars = functools.partial(self._by_scalars, channel, activation=activation)
        if made is None or not made.exceptions.length:
            return by_scalars(out)
        number = made.channel([channel.get(e.position) for e in self.product.out_map.results])

        def without(array):
            with made.without_exceptions():
                return by_scalars(array)

        return emit.when(made.exceptions.has(number), [out], by_scalars, without)

    def _by_scalars(self, channel, out, activation):
        weights = (FloatTaps if self.is_float else PairedTaps if self.has_dsp else SingleTaps)(self, channel)
        outer = [loop for loop in self.product.pixels if loop != self.row]
        tiles = len(tiling.bases(self.width, self.tile))

        def body(at, array):
            first = tiling.base(at[-1], self.width, self.tile)
            return [self._tile(channel | dict(zip(outer, at)), first, weights, array, activation)]

        turns = [
            self.counted.turns() if self.counted and loop == self.counted.loop else self.product.extents[loop] for loop in outer
        ]
        return emit.nest([*turns, tiles], [out], body)

    def _tile(self, place, first, weights, out, activation):
        places = [place | {self.row: emit.plus(first, i)} for i in range(self.tile)]
        points = [[p[e.position] for e in self.product.out_map.results] for p in places]
        sums = self._starts(points)
        for row in emit.box(self.extents(self.rows)):
            sums = self._row(places[0] | dict(zip(self.rows, map(emit.index, row))), row, weights, sums, activation)
        for value, point in zip(self.epilogue.apply(sums, points, self.tile), points):
            out = emit.store(value, out, *point)
        return out

    def _starts(self, points):
        if not self.is_float:
            return [self.epilogue.start(points[0])] * self.tile
        return [emit.constant(ir.F32Type.get(), 0.0)] * self.tile

    def position(self, place):
        """Where the activation is for the values of all loops."""
        at = emit.point(self.product.activation_map, [place.get(loop) for loop in range(len(self.product.extents))])
        return [at[dimension] for dimension in self.plane.dimensions] if self.plane else at

    def steps(self):
        """What one row of the window takes: (position of the first activation, whether a word of them)."""
        count = self.taps + self.stride * (self.tile - 1)
        whole = count - count % self.in_word if self.has_dsp and self.is_side_by_side else 0
        return [(p, True) for p in range(0, whole, self.in_word)] + [(p, False) for p in range(whole, count)]

    def uses(self, position, is_word):
        """(number of the pair, pixel, taps that meet its low and high 16 bits or None) of a step.

        The pairs of a word of int8 are each second activation; a word of int16 is one pair.
        """
        pairs = self.in_word // 2
        for half in range(pairs if is_word else 1):
            for pixel in range(self.tile):
                first = position + half - self.stride * pixel
                taps = [t if 0 <= t < self.taps else None for t in ((first, first + pairs) if is_word else (first,))]
                if taps != [None] * len(taps):
                    yield half, pixel, taps

    def _row(self, place, row, weights, sums, activation):
        """sums with the taps of one row of the window, whose first is at place."""
        sums = list(sums)
        for position, is_word in self.steps():
            at = self.position(place | {self.tap: emit.index(position)})
            if is_word:
                word = emit.load_word(activation, *at)
                rotated = [emit.rotated(word, 8 * half) for half in range(2)] if self.in_word == 4 else []
                values = [emit.intrinsic("llvm.arm.sxtb16", pair) for pair in rotated] or [word]
            else:  # a word would reach beyond the row
                value = emit.load(activation, *at)
                values = [value if self.is_float else emit.widened(value)]
            for half, pixel, taps in self.uses(position, is_word):
                sums[pixel] = weights.multiply(row, taps, values[half], sums[pixel])
        return sums


class _Plane:
    """One channel of the activations, with the padding around it.

    dimensions: of the activations, those that it has.
    """

    def __init__(self, product):
        self.product, results = product, product.activation_map.results
        self.dimensions = [
            n for n, e in enumerate(results) if not (isinstance(e, ir.AffineDimExpr) and e.position in product.groups)
        ]
        padding, self.source = product.padding, product.activation.type.shape
        self.shape = [ir.RankedTensorType(padding.op.results[0].type).shape[n] for n in self.dimensions]
        if not {*product.padded} <= {*self.dimensions}:
            raise NoMatch("its channels are padded")
        self.element = ir.RankedTensorType(product.activation.type).element_type
        size = math.prod(self.shape) * self.element.width // 8
        if size > tiling.SCRATCH_LIMIT:
            raise NoMatch(f"a padded channel would take {size} bytes of the stack")

    def _extent(self, dimension, counted):
        """How many activations there are along a dimension: a number, or an index."""
        extent = self.source[dimension]
        factor = term(self.product.activation_map.results[dimension]).get(counted.loop) if counted else None
        if not factor:
            return extent
        return emit.plus(emit.scaled(counted.turns(), factor), extent - factor * counted.unit * counted.most)

    def empty(self):
        """A plane with the padding; the rest is any."""
        value = emit.constant(self.element, self.product.padding.value)
        plane = emit.empty(self.shape, self.element)
        return emit.nest(self.shape, [plane], lambda at, array: [emit.store(value, array, *at)])[0]

    def copy(self, channel, plane, counted=None):
        """plane with the activations of channel; counted: which rows of the output are to be computed of them."""
        if counted:  # most calls compute as many rows as they can: of known length, loops take half the time
            is_full = emit.is_below(counted.rows(), counted.most)
            return emit.when(
                is_full, [plane], lambda p: [self._copy(channel, p, counted)], lambda p: [self._copy(channel, p, None)]
            )[0]
        return self._copy(channel, plane, None)

    def _copy(self, channel, plane, counted):
        *outer, width = (self._extent(n, counted) for n in self.dimensions)
        is_wide = (
            self.dimensions[-1] == len(self.source) - 1
            and width >= LANES
            and self.element.width == 8
            and is_contiguous(self.product.activation)
        )
        count = LANES if is_wide else 1
        row = [channel.get(e.position) if isinstance(e, ir.AffineDimExpr) else None for e in self.product.activation_map.results]

        def body(at, array):
            at = [*at[:-1], tiling.base(at[-1], width, count)]
            known = dict(zip(self.dimensions, at))
            source = [known.get(n, row[n]) for n in range(len(self.source))]
            target = [emit.plus(i, self.product.padding.low[n]) for n, i in zip(self.dimensions, at)]
            if count == 1:
                return [emit.store(emit.load(self.product.activation, *source), array, *target)]
            return [emit.store_lanes(emit.load_lanes(self.product.activation, count, *source), array, *target)]

        return emit.nest([*outer, len(tiling.bases(width, count))], [plane], body)[0]


def is_contiguous(array):
    """Whether neighbours along the last dimension are neighbours in memory."""
    op = dispatches.defining(array)
    return op is not None and op.name == "iree_tensor_ext.dispatch.tensor.load" and list(op.attributes["static_strides"])[-1] == 1
