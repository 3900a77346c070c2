"""Products of two int8 arrays that only run time knows, as in attention, by SMLAD.

Both are gathered as 16-bit pairs: one as a whole before the loops, the other for each tile of
pixels. Nothing is unpacked in the loops, as constant weights are.
"""

import numpy

from .. import emit, tiling
from ..product import NoMatch

# (pixels, channels) of a tile: four sums, each with two loads for two products.
TILE = 2, 2
UNROLL = 2


def rewrite(product):
    """Replaces a product without constant weights by loops over SMLAD; raises `NoMatch`."""
    tiling.replace(product, Loops(product, *tiling.choose(product, 2, TILE)).emit)


class Loops(tiling.Loops):
    """What a product with constant weights calls its weights is `product.factors` here.

    Pairs run along one of the reductions, so that a pair is gathered by two loads.
    """

    def __init__(self, product, tile_pixels, tile_channels):
        super().__init__(product, tile_pixels, tile_channels)
        self.paired = next((r for r in product.reductions if product.extents[r] % 2 == 0), None)
        if self.paired is None:
            raise NoMatch("its sums are of odd length")
        self.counts = [product.extents[r] // 2 if r == self.paired else product.extents[r] for r in product.reductions]
        self.pairs = int(numpy.prod(self.counts))
        if self.pairs < 2:
            raise NoMatch("its sums are too short")
        self.words = (self.pairs + 1) // 2  # two pairs each
        self.unroll = UNROLL if self.words % UNROLL == 0 else 1
        self.tiles = tiling.bases(self.channels, self.tile_channels)
        self.tile_words = 2 * self.words * self.tile_channels
        size = 4 * len(self.tiles) * self.tile_words
        if size > tiling.SCRATCH_LIMIT:
            raise NoMatch(f"its factors would take {size} bytes of the stack")

    def emit(self, type_):
        self.weights = self._gather_factors()
        return super().emit(type_)

    def _gather_factors(self):
        """[tile of channels][pair][channel], as words; where a last pair is missing, the other side is zero."""
        product = self.product
        array = emit.empty([len(self.tiles) * self.tile_words], emit.i32())
        for place in range(self.pairs, 2 * self.words):
            for tile in range(len(self.tiles)):
                for channel in range(self.tile_channels):
                    at = tile * self.tile_words + place * self.tile_channels + channel
                    array = emit.store(emit.word(0), array, emit.index(at))

        def body(at, array):
            tile, *reductions = at
            first = tiling.base(tile, self.channels, self.tile_channels)
            position = emit.scaled(emit.flat(reductions, self.counts), self.tile_channels)
            position = emit.add(position, emit.scaled(tile, self.tile_words))
            for number in range(self.tile_channels):
                channel = self._coordinates(first, number, product.channels)
                low, high = (self._factor(channel, self._halved(reductions, half)) for half in range(2))
                array = emit.store(emit.pair(low, high), array, emit.plus(position, number))
            return [array]

        return emit.nest([len(self.tiles), *self.counts], [array], body)[0]

    def _factor(self, channel, reduction):
        dims = [None] * len(self.product.extents)
        for loop, value in {**channel, **dict(zip(self.product.reductions, reduction))}.items():
            dims[loop] = value
        return emit.load(self.product.factors, *emit.point(self.product.weights_map, dims))

    def scratch(self):
        """[pair][pixel]; an odd last pair meets weights of zero, but must not be left undefined."""
        scratch = emit.empty([self.words * 2 * self.tile_pixels], emit.i32())
        for place in range(self.pairs * self.tile_pixels, self.words * 2 * self.tile_pixels):
            scratch = emit.store(emit.word(0), scratch, emit.index(place))
        return scratch

    def put(self, at, scratch, *totals, number, place, load):
        position = emit.scaled(emit.flat(at, self.counts), self.tile_pixels)
        low, high = (load(place, self._halved(at, half)) for half in range(2))
        return [emit.store(emit.pair(low, high), scratch, emit.add(position, number))]

    def _halved(self, at, half):
        """The values of the reductions for one half of the pair at."""
        result = list(at)
        number = self.product.reductions.index(self.paired)
        result[number] = emit.plus(emit.scaled(at[number], 2), half)
        return result

    def sums(self, tile, scratch, starts):
        start = emit.advance_by(emit.address(self.weights), emit.scaled(tile, 4 * self.tile_words))
        step = self.unroll * 8

        def body(_, pixels, channels, *sums):
            for word in range(self.unroll):
                sums = self._four(pixels, word * 8 * self.tile_pixels, channels, word * 8 * self.tile_channels, sums)
            pixels = emit.advance(pixels, step * self.tile_pixels)
            return [pixels, emit.advance(channels, step * self.tile_channels), *sums]

        return emit.loop(self.words // self.unroll, [emit.address(scratch), start, *starts], body)[2:]

    def _four(self, pixels, pixel_offset, channels, channel_offset, sums):
        """sums with four more products of each channel and pixel, whose pairs are at these addresses."""
        p = [w for n in range(self.tile_pixels) for w in emit.two_words(pixels, pixel_offset + 8 * n)]
        c = [w for n in range(self.tile_channels) for w in emit.two_words(channels, channel_offset + 8 * n)]
        sums = list(sums)
        for half in range(2):
            for channel in range(self.tile_channels):
                for pixel in range(self.tile_pixels):
                    pair = c[half * self.tile_channels + channel], p[half * self.tile_pixels + pixel]
                    place = channel * self.tile_pixels + pixel
                    sums[place] = emit.intrinsic("llvm.arm.smlad", *pair, sums[place])
        return sums
