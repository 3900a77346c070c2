"""int8 products by SMLAD, which multiplies and adds two pairs of 16-bit numbers at once.

The activations of a tile of pixels are gathered as `dsp` takes them. Weights are repacked beforehand, four in a word,
and behind what the sums of their channels begin with.
"""

import functools

import numpy

from . import addresses, depthwise, dsp, emit, tiling
from .product import NoMatch

EXTENTS = range(1, 7)  # of a block, to be tried
GATHER = 16  # cycles for four activations of a pixel, about
FACTORS = 4  # in a word


def rewrite(product, compact=False):
    """Replaces a product by loops over SMLAD; raises `NoMatch`.

    compact: one pixel and one channel at a time, which takes the least code.
    """
    loops = Loops(product, *tiling.choose(product, 2, (1, 1)), is_small=True) if compact else Loops(product, *_extents(product))
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


def _extents(product):
    """(pixels, channels) of a block: those that take the fewest cycles."""
    tiles = [(pixels, channels) for pixels in EXTENTS for channels in EXTENTS if dsp.Block(pixels, channels, 1).fits]
    if product.added:  # a channel that is computed twice would read it twice, when the output may lie over it
        tiles = [tile for tile in tiles if product.size(product.channels) % tile[1] == 0]
    tiles.sort(key=functools.partial(_cycles, product))
    return tiling.choose(product, 2, *tiles, min(tiles, key=lambda tile: tile[0]))


def _cycles(product, tile):
    pixels, channels = (min(pair) for pair in zip(tile, (product.size(product.pixels), product.size(product.channels))))
    count = [len(tiling.bases(product.size(loops), size)) for loops, size in ((product.pixels, pixels), (product.channels, channels))]
    words = -(-product.size(product.reductions) // FACTORS)
    return count[0] * (count[1] * dsp.Block(pixels, channels, words).cycles + GATHER * words * pixels)


class Loops(tiling.Loops):
    """The four factors of a word lie along one of the reductions."""

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        extents = [product.extents[r] for r in product.reductions]
        counts = [-(-extent // FACTORS) for extent in extents]
        side_by_side = [self._are_neighbours(r) for r in product.reductions]
        # The reduction that wastes least; of those one whose activations come by words, else the outermost.
        waste = [(FACTORS * count / extent, not side) for count, extent, side in zip(counts, extents, side_by_side)]
        self.along = waste.index(min(waste))
        self.by_words = side_by_side[self.along] and extents[self.along] % FACTORS == 0
        self.counts = [counts[n] if n == self.along else extent for n, extent in enumerate(extents)]
        self.words = int(numpy.prod(self.counts))  # of weights, for a channel
        self.block = dsp.Block(self.tile_pixels, self.tile_channels, self.words, is_small)

    def _are_neighbours(self, loop):
        """Whether the activations along loop are neighbours in memory."""
        last = self.product.activation_map.results[-1]
        try:
            return depthwise.term(last).get(loop) == 1 and depthwise.is_contiguous(self.product.activation)
        except NoMatch:
            return False

    def pack(self, weights):
        """The weights as words, for each tile of channels: [channel], what its sums begin with; [word][channel]; and where
        they have lines [channel][…], what these consist of."""
        array, axis = self.arranged(weights), 1 + self.along
        missing = -array.shape[axis] % FACTORS
        array = numpy.pad(array, [(0, missing if n == axis else 0) for n in range(array.ndim)])
        array = array.reshape(*array.shape[:axis], -1, FACTORS, *array.shape[axis + 1 :])
        words, starts = dsp.packed(numpy.moveaxis(array, axis + 1, -1).reshape(self.channels, self.words, FACTORS))
        lines = self.epilogue.lines() if self.has_lines else numpy.zeros([self.channels, 1], numpy.int32)
        self.line_words = lines.shape[1] - 1
        rows = numpy.concatenate([starts[:, None] + lines[:, :1], words], 1, dtype=numpy.int32)
        parts = [slice(first, first + self.tile_channels) for first in tiling.bases(self.channels, self.tile_channels)]
        return numpy.concatenate([array.reshape(-1) for part in parts for array in (rows[part].T, lines[part, 1:])])

    def emit(self, type_):
        self.place = addresses.of(self.weights)
        return super().emit(type_)

    def scratch(self):
        return emit.empty([(1 + 2 * self.words) * self.tile_pixels], emit.i32())

    def totals(self):
        return [emit.word(0)]

    def put(self, at, scratch, start, *, number, place, load):
        position = emit.add(emit.scaled(emit.flat(at, self.counts), 2 * self.tile_pixels), number)
        first, second = self._pairs(place, at, load)
        scratch = emit.store(first, scratch, emit.plus(position, self.tile_pixels))
        scratch = emit.store(second, scratch, emit.plus(position, 2 * self.tile_pixels))
        return [scratch, emit.intrinsic("llvm.arm.smlad", first, emit.word(0xFF80FF80), start)]

    def finish(self, scratch, start, *, number):
        return emit.store(start, scratch, number)

    def _pairs(self, place, at, load):
        """The two words of the activations of one word of weights, of the pixel at place."""
        if self.by_words and load == self.element:
            four = emit.load_word(self.product.activation, *self.position(place, self._factor(at, 0)))
            even, swapped = four, emit.rotated(emit.intrinsic("llvm.bswap.i32", four), 16)
        else:
            a0, a1, a2, a3 = (emit.byte_of(load(place, self._factor(at, number))) for number in range(FACTORS))
            even = emit.joined(a0, a2, 16)
            swapped = emit.joined(emit.joined(a1, a3, 16), even, 8)
        return emit.intrinsic("llvm.arm.sxtb16", even), emit.flipped(swapped, 0xFF80FF80)

    def _factor(self, at, number):
        """The values of the reductions for a factor of the word at."""
        result, extent = list(at), self.product.extents[self.product.reductions[self.along]]
        value = emit.plus(emit.scaled(at[self.along], FACTORS), number)
        # Factors beyond the extent have weights of zero: any element will do.
        result[self.along] = emit.least(value, emit.index(extent - 1)) if number and extent % FACTORS else value
        return result

    @property
    def has_lines(self):
        return self.epilogue.requantization is not None

    def starts(self, points):
        return []  # they are beside the weights

    def sums(self, tile, scratch, starts):
        size = 4 * (1 + self.words + self.line_words) * self.tile_channels
        weights = emit.advance_by(self.place, emit.scaled(tile, size))
        text, constraints = self.block.text()
        types = ["i32"] * (self.block.sums + 2)
        *sums, _, self.behind = emit.assembly(text, constraints, types, [emit.address(scratch), weights])
        return sums

    def lines(self):
        numbers = range(self.tile_channels) if self.has_lines else ()
        return [[emit.word_at(self.behind, 4 * (self.line_words * n + word)) for word in range(self.line_words)] for n in numbers]
