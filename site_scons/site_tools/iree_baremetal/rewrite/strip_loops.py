"""The loops of a product whose activations are laid out in strips: for each strip tiles of channels and pixels, by blocks of `dots`."""

import math

import numpy

from . import addresses, emit, filler, tiling


class Loops(tiling.Loops):
    """Where the epilogue reads a tensor that the output may lie over, no pixel is stored twice: the last tile of a strip
    has pixels beyond it, which are stored first, in the place of its last one."""

    has_lines = True

    def __init__(self, product, strip, tile):
        super().__init__(product, *tile)
        self.strip, self.filler = strip, filler.Filler(strip)
        self.block = strip.block(self.tile_pixels, self.tile_channels)
        self.outer = [loop for loop in product.pixels if loop != strip.row]
        self.extent = product.extents[strip.row]
        self.has_lines = self.epilogue.requantization is not None
        rest = self.extent % strip.pixels or strip.pixels
        self.repeated = bool(product.added) and bool(rest % self.tile_pixels or strip.pixels % self.tile_pixels)
        self.repeated |= rest < self.tile_pixels

    def pack(self, weights):
        """The weights for each tile of channels: [channel], what its sums begin with; as `dots.Block` takes them; and where
        they have lines [channel][…], what these consist of."""
        product, strip = self.product, self.strip
        order = [e.position for e in product.weights_map.results]
        loops = [*product.channels, *strip.rows, *([strip.tap] if strip.tap is not None else []), *strip.inner]
        vectors = strip.pack(weights.transpose([order.index(loop) for loop in loops]).reshape(self.channels, -1))
        lines = self.epilogue.lines() if self.has_lines else numpy.zeros([self.channels, 1], numpy.int32)
        self.line_words = lines.shape[1] - 1
        words = numpy.ascontiguousarray(vectors).view("<i4").reshape(self.channels, strip.turns, strip.vectors, -1)
        parts = [slice(first, first + self.tile_channels) for first in tiling.bases(self.channels, self.tile_channels)]
        rows = [(lines[p, 0], words[p].transpose(1, 2, 0, 3), lines[p, 1:]) for p in parts]
        return numpy.concatenate([array.reshape(-1) for row in rows for array in row]).astype(numpy.int32)

    def emit(self, type_):
        product, strip = self.product, self.strip
        self.epilogue.prepare(self.has_lines)
        self.place = addresses.of(self.weights)
        self.filler.prepare()
        out = emit.empty(list(type_.shape), type_.element_type)
        count = math.ceil(self.extent / strip.pixels)

        def body(at, array):
            place = dict(zip(self.outer, at))
            first = emit.scaled(at[-1], strip.pixels)
            left = emit.plus(emit.scaled(first, -1), self.extent)
            length = emit.least(left, emit.index(strip.pixels)) if self.extent % strip.pixels else emit.index(strip.pixels)
            self.filler.copy(place, first, length)
            return [self._strip(place, first, length, array)]

        return emit.nest([*(product.extents[loop] for loop in self.outer), count], [out], body)[0]

    def _strip(self, place, first, length, out):
        """out with the pixels of a strip."""
        channels = len(tiling.bases(self.channels, self.tile_channels))
        tiles = math.ceil(self.strip.pixels / self.tile_pixels)
        if self.extent % self.strip.pixels:
            tiles = emit.quotient(emit.plus(length, self.tile_pixels - 1), self.tile_pixels)

        def body(tile, array):
            return emit.loop(tiles, [array], lambda number, now: [self._tile(tile, number, place, first, length, now)])

        return emit.loop(channels, [out], body)[0]

    def _tile(self, tile, number, place, first, length, out):
        """out with a tile of channels and pixels."""
        start = emit.scaled(number, self.tile_pixels)
        if not self.repeated and (self.strip.pixels % self.tile_pixels or self.extent % self.strip.pixels):
            start = emit.least(start, emit.plus(length, -self.tile_pixels))
        numbers = [emit.plus(start, n) for n in range(self.tile_pixels)]
        if self.repeated:
            numbers = [numbers[0], *(emit.least(n, emit.plus(length, -1)) for n in numbers[1:])]
        places = [place | {self.strip.row: emit.add(first, n)} for n in numbers]
        base = tiling.base(tile, self.channels, self.tile_channels)
        channels = [self._coordinates(base, offset, self.product.channels) for offset in range(self.tile_channels)]
        points = [
            [(channel | place)[e.position] for e in self.product.out_map.results] for channel in channels for place in places
        ]
        size = 4 * (1 + self.line_words) * self.tile_channels + 16 * self.strip.turns * self.strip.vectors * self.tile_channels
        operands = [
            emit.advance_by(self.filler.address, emit.scaled(start, self.strip.stride * self.strip.part)),
            emit.advance_by(self.place, emit.scaled(tile, size)),
        ]
        *sums, _, self.behind = emit.assembly(*self.block.text(), ["i32"] * (self.block.sums + 2), operands)
        values = self.epilogue.apply(sums, points, len(places), self.lines())
        for value, point in reversed(list(zip(values, points))):
            out = emit.store(value, out, *point)
        return out

    def lines(self):
        numbers = range(self.tile_channels) if self.has_lines else ()
        return [[emit.word_at(self.behind, 4 * (self.line_words * n + word)) for word in range(self.line_words)] for n in numbers]
