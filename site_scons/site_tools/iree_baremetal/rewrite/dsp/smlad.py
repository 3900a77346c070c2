"""int8 products by SMLAD, which multiplies and adds two pairs of 16-bit numbers at once.

The activations of a tile of pixels are gathered as `block` takes them. Weights are repacked beforehand, four in a word,
and behind what the sums of their channels begin with.
"""

import numpy

from .. import depthwise, emit, tiling
from ..product import NoMatch
from . import block, columns, smlsd, weights

EXTENTS = range(1, 7)  # of a block, to be tried
JOIN, KEEP = 11, 5  # cycles to load and join four activations, and to store them for a pixel, about
FACTORS = 4  # in a word


def rewrite(product, compact=False, kind=None):
    """Replaces a product by loops over SMLAD; raises `NoMatch`.

    compact: one pixel and one channel at a time, which takes the least code. kind: of the loops, `Loops` or a class of its own.
    """
    if kind is None and smlsd.rewrite(product, compact):
        return
    kind = kind or Loops
    pixels, channels = tiling.choose(product, 2, (1, 1)) if compact else _extents(product, kind.BLOCK)
    loops = kind(product, pixels, channels, is_small=compact)
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


def _extents(product, block):
    """(pixels, channels) of a block, of this class: those that take the fewest cycles."""
    tiles = [(pixels, channels) for pixels in EXTENTS for channels in EXTENTS if block(pixels, channels, 1).fits]
    if product.added:  # a channel that is computed twice would read it twice, when the output may lie over it
        tiles = [tile for tile in tiles if product.size(product.channels) % tile[1] == 0]

    def cycles(tile):
        ways = (None, columns.find(product, tile[0], _along(product)[0]))
        return min(_cycles(product, tile, shared, block) for shared in ways)

    fitting = [tile for tile in tiles if tiling.fits(product, 2, tile)] or [min(tiles, key=lambda tile: tile[0])]
    return tiling.choose(product, 2, product.dispatch.form.best(fitting, cycles, lambda tile: tiling.name(product, tile)))


def _cycles(product, tile, shared, block):
    """Of a whole product, about, in blocks of these extents, with `columns.Columns` or without."""
    pixels, channels = (min(pair) for pair in zip(tile, (product.size(product.pixels), product.size(product.channels))))
    row = shared.width if shared else product.size(product.pixels)
    tiles = product.size(product.pixels) // row * len(tiling.bases(row, pixels))
    words = -(-product.size(product.reductions) // FACTORS)
    joined = words * (shared.count(pixels) / shared.taps if shared else pixels)
    sums = block(pixels, channels, words).cycles * len(tiling.bases(product.size(product.channels), channels))
    return tiles * (sums + JOIN * joined + KEEP * words * pixels)


def _along(product):
    """(the number of the reduction along which four factors make a word, whether their activations come by words).

    The one that wastes least; of those one whose activations come by words, else the outermost.
    """
    extents = [product.extents[r] for r in product.reductions]
    by_words = [extent % FACTORS == 0 and are_neighbours(product, r) for r, extent in zip(product.reductions, extents)]
    waste = [(FACTORS * -(-extent // FACTORS) / extent, not whole) for extent, whole in zip(extents, by_words)]
    along = waste.index(min(waste))
    return along, by_words[along]


def are_neighbours(product, loop):
    """Whether the activations along loop are neighbours in memory."""
    last = product.activation_map.results[-1]
    try:
        return depthwise.term(last).get(loop) == 1 and depthwise.is_contiguous(product.activation)
    except NoMatch:
        return False


class Loops(weights.Loops):
    """The four factors of a word lie along one of the reductions."""

    BLOCK = block.Block
    OFFSET = 0xFF80FF80  # what the first word of activations is multiplied by for what sums begin with: -128, twice

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        self.along, self.by_words = _along(product)
        extents = [product.extents[r] for r in product.reductions]
        self.counts = [-(-extent // FACTORS) if n == self.along else extent for n, extent in enumerate(extents)]
        tile = self.tile_pixels, self.tile_channels
        found = columns.find(product, self.tile_pixels, self.along)
        self.columns = found if self._is_quicker(tile, found) and not is_small else None
        self.row = self.columns.width if self.columns else self.pixels
        self.words = int(numpy.prod(self.counts))  # of weights, for a channel
        self.block = self.BLOCK(self.tile_pixels, self.tile_channels, self.words, is_small)

    def _is_quicker(self, tile, shared):
        return _cycles(self.product, tile, shared, self.BLOCK) < _cycles(self.product, tile, None, self.BLOCK)

    def fours(self, weights):
        """The weights as an array [channel][word][4]."""
        array, axis = self.arranged(weights), 1 + self.along
        missing = -array.shape[axis] % FACTORS
        array = numpy.pad(array, [(0, missing if n == axis else 0) for n in range(array.ndim)])
        array = array.reshape(*array.shape[:axis], -1, FACTORS, *array.shape[axis + 1 :])
        return numpy.moveaxis(array, axis + 1, -1).reshape(self.channels, -1, FACTORS)

    def pack(self, weights):
        """The weights as words, for each tile of channels: [channel], what its sums begin with; [word][channel]; and where
        they have lines [channel][…], what these consist of."""
        return self.laid_out(*block.packed(self.fours(weights)))

    def scratch(self):
        return emit.empty([(1 + 2 * self.words) * self.tile_pixels], emit.i32())

    def totals(self):
        return [emit.word(0)]

    def gather(self, scratch, first):
        return columns.gather(self, self.columns, scratch, first) if self.columns else None

    def put(self, at, scratch, *totals, number, place, load):
        return self.keep(at, scratch, *totals, *self.pair(place, at, load), number=number)

    def keep(self, at, scratch, start, first, second, *, number):
        """[scratch, start] with the two words of activations of one word of weights, of the pixel of this number."""
        position = emit.add(emit.scaled(emit.flat(at, self.counts), 2 * self.tile_pixels), number)
        scratch = emit.store(first, scratch, emit.plus(position, self.tile_pixels))
        scratch = emit.store(second, scratch, emit.plus(position, 2 * self.tile_pixels))
        return [scratch, emit.intrinsic("llvm.arm.smlad", first, emit.word(self.OFFSET), start)]

    def finish(self, scratch, *totals, number):
        (start,) = totals
        return emit.store(start, scratch, number)

    def pair(self, place, at, load):
        """The two words of the activations of one word of weights, of the pixel at place."""
        if self.by_words and load == self.element:
            four = emit.load_word(self.product.activation, *self.position(place, self.factor(at, 0)))
            even, swapped = four, emit.rotated(emit.intrinsic("llvm.bswap.i32", four), 16)
        else:
            a0, a1, a2, a3 = (emit.byte_of(load(place, self.factor(at, number))) for number in range(FACTORS))
            even = emit.joined(a0, a2, 16)
            swapped = emit.joined(emit.joined(a1, a3, 16), even, 8)
        return emit.intrinsic("llvm.arm.sxtb16", even), emit.flipped(swapped, 0xFF80FF80)

    def factor(self, at, number):
        """The values of the reductions for a factor of the word at."""
        result, extent = list(at), self.product.extents[self.product.reductions[self.along]]
        value = emit.plus(emit.scaled(at[self.along], FACTORS), number)
        # Factors beyond the extent have weights of zero: any element will do.
        result[self.along] = emit.least(value, emit.index(extent - 1)) if number and extent % FACTORS else value
        return result

    def sums(self, tile, scratch, starts):
        text, constraints = self.block.text()
        types = ["i32"] * (self.block.sums + 2)
        *sums, _, self.behind = emit.assembly(text, constraints, types, [emit.address(scratch), self.of_tile(tile)])
        return sums
