"""Depthwise int8 products on cores with MVE whose channels lie side by side: four channels at once, in the lanes of a vector.

Strips have the activations of a row with their padding (`strips`). Of up to three neighbouring pixels the sums of four
channels stay in registers, what their windows share is loaded once, and they are requantized as vectors.
"""

import numpy

from .. import addresses, emit, epilogue, tiling
from ..integers import exceptions
from ..product import NoMatch
from . import filler, strips

LANES = 4
PIXELS = 3
UNROLLED = 27  # taps at most, else the rows of a window are a loop


def rewrite(product):
    """Replaces a depthwise product by loops; raises `NoMatch`."""
    if len(product.groups) != 1 or product.size(product.channels) != 1 or not product.reductions or not product.pixels:
        raise NoMatch("it is not depthwise, one channel from one")
    if product.size(product.groups) % LANES:
        raise NoMatch("its channels are no multiple of four")
    if product.out_map.results[-1].position != product.groups[0]:
        raise NoMatch("its output's channels do not lie side by side")
    loops = _Loops(product, strips.of_channels(product))
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


class _Loops:
    weights = None  # packed, in place of the product's

    def __init__(self, product, strip):
        self.product, self.strip, self.filler = product, strip, filler.Filler(strip)
        self.group = product.groups[0]
        self.channels = product.extents[self.group]
        self.rows = product.size(strip.rows)
        own = min(PIXELS, product.extents[strip.row])
        self.tile = product.dispatch.form.best(range(1, own + 1), lambda n: 1 + (own - n) / 10, lambda n: f"{n}x{LANES}")
        if strip.pixels != product.extents[strip.row]:
            raise NoMatch("its rows are too long")
        self.epilogue = epilogue.Epilogue(product)  # a search: last, when all else matches
        self.made = self.epilogue.requantization
        if not self.made or not self.made.has_vectors or self.epilogue.residual:
            raise NoMatch("its sums are not requantized by lines")

    def pack(self, weights):
        """For each four channels: what their sums begin with, weights, lines, and exceptions, each [number][channel]."""
        product, strip = self.product, self.strip
        order = [e.position for e in product.weights_map.results]
        taps = [strip.tap] if strip.tap is not None else []
        array = weights.transpose([order.index(loop) for loop in [*strip.rows, *taps, self.group, *product.channels]])
        array = numpy.ascontiguousarray(array.reshape(-1, self.channels // LANES, LANES)).view("<i4")[..., 0].T
        lines = self.made.plain_lines()
        table = self.made.exceptions
        self.line_count = lines.shape[1] - 1
        extra = [table.by_channel().T] if table.length else []
        numbers = numpy.concatenate([lines, *extra], 1).reshape(-1, LANES, lines.shape[1] + table.length).transpose(0, 2, 1)
        parts = [numbers[:, :1].reshape(len(array), -1), array, numbers[:, 1:].reshape(len(array), -1)]
        if table.length:
            parts.append(table.numbers.reshape(-1, LANES).max(1, keepdims=True))
        return numpy.concatenate(parts, 1).astype(numpy.int32).reshape(-1)

    @property
    def _taps(self):
        return self.rows * self.strip.taps

    def emit(self, type_):
        product, strip = self.product, self.strip
        self.epilogue.prepare(has_lines=True)
        self.place = addresses.of(self.weights)
        self.filler.prepare()
        out = emit.empty(list(type_.shape), type_.element_type)
        outer = [loop for loop in product.pixels if loop != strip.row]
        tiles = len(tiling.bases(strip.pixels, self.tile))

        def row(at, array):
            place = dict(zip(outer, at))
            self.filler.copy(place, emit.index(0), emit.index(strip.pixels))
            body = lambda at, now: [self._tile(place, *at, now)]  # noqa: E731
            return emit.nest([self.channels // LANES, tiles], [array], body)

        return emit.nest([product.extents[loop] for loop in outer], [out], row)[0]

    def _tile(self, place, group, number, out):
        """out with the pixels of a tile, of four channels."""
        strip, made = self.strip, self.made
        first = tiling.base(number, strip.pixels, self.tile)
        size = 4 * (LANES * (1 + self.line_count + made.exceptions.length) + self._taps + bool(made.exceptions.length))
        record = emit.advance_by(self.place, emit.scaled(group, size))
        source = emit.advance_by(self.filler.address, emit.scaled(first, strip.stride * strip.part))
        source = emit.advance_by(source, emit.scaled(group, LANES))
        sums = [emit.lanes_at(record, 0, LANES)] * self.tile
        weights = emit.advance(record, 4 * LANES)
        if self._taps <= UNROLLED:
            for row in range(self.rows):
                sums = self._row(emit.advance(source, row * strip.pitch), emit.advance(weights, 4 * row * strip.taps), sums)
        else:

            def body(row, *now):
                start = emit.advance_by(source, emit.scaled(row, strip.pitch))
                return self._row(start, emit.advance_by(weights, emit.scaled(row, 4 * strip.taps)), now)

            sums = emit.loop(self.rows, sums, body)
        behind = emit.advance(weights, 4 * self._taps)
        lines = [emit.lanes_at(behind, 4 * LANES * n, LANES) for n in range(self.line_count)]
        values = made.finish_channels(self._excepted(sums, emit.advance(behind, 4 * LANES * self.line_count)), *lines)
        channel = emit.scaled(group, LANES)
        for offset, value in enumerate(values):
            known = place | {strip.row: emit.plus(first, offset), self.group: channel}
            out = emit.store_lanes(value, out, *(known[e.position] for e in self.product.out_map.results))
        return out

    def _row(self, source, weights, sums):
        """sums with a row of taps."""
        strip, sums = self.strip, list(sums)
        factors = [emit.widened_lanes(emit.lanes_at(weights, 4 * tap, LANES, emit.i8())) for tap in range(strip.taps)]
        for column in range(strip.stride * (self.tile - 1) + strip.taps):
            taps = [column - strip.stride * pixel for pixel in range(self.tile)]
            if not any(0 <= tap < strip.taps for tap in taps):
                continue
            value = emit.widened_lanes(emit.lanes_at(source, column * strip.part, LANES, emit.i8()))
            for pixel, tap in enumerate(taps):
                if 0 <= tap < strip.taps:
                    sums[pixel] = emit.multiply_add(value, factors[tap], sums[pixel])
        return sums

    def _excepted(self, sums, table):
        """sums as the lines take them."""
        length = self.made.exceptions.length
        if not length:
            return sums

        def apply(*now):
            for turn in range(length):
                now = exceptions.replaced(emit.lanes_at(table, 4 * LANES * turn, LANES), list(now))
            return now

        has_some = emit.differs(emit.word_at(table, 4 * LANES * length), emit.word(0))
        return emit.when(has_some, sums, apply, lambda *now: now)
