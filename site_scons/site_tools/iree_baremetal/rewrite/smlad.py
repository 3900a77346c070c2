"""int8 products by SMLAD, which multiplies and adds two pairs of 16-bit numbers at once.

The activations of a tile of pixels are gathered as 16-bit pairs. Weights are repacked beforehand,
four in a word: SXTB16 makes two pairs of them.
"""

import functools

import numpy
from iree.compiler import ir

from . import addresses, dsp, emit, tiling
from .product import NoMatch

UNROLL = 2
EXTENTS = range(1, 7)  # of a block, to be tried
GATHER = 16  # cycles for four activations of a pixel, about


def rewrite(product, compact=False):
    """Replaces a product by loops over SMLAD; raises `NoMatch`.

    compact: one pixel and one channel at a time, which takes the least code.
    """
    loops = Loops(product, *tiling.choose(product, 2, (1, 1)), unroll=1, is_small=True) if compact else _Blocks(product)
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


class Loops(tiling.Loops):
    """Pairs run along one of the reductions, so that a pair is gathered by two loads."""

    def __init__(self, product, tile_pixels, tile_channels, unroll, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        extents = product.extents
        # The reduction that wastes least; the outermost of those.
        self.paired = min(product.reductions, key=lambda r: (extents[r] + 1) // 2 * 2 / extents[r])
        self.pair_counts = [(extents[r] + 1) // 2 if r == self.paired else extents[r] for r in product.reductions]
        self.pairs = int(numpy.prod(self.pair_counts))
        if self.pairs < 2:
            raise NoMatch("its sums are too short")
        self.words = (self.pairs + 1) // 2  # of weights, for a channel
        self.unroll = unroll if self.words % unroll == 0 else 1

    def pack(self, weights):
        """The weights as words: [tile of channels][word][channel]."""
        channels = self.channels
        array = self.arranged(weights)
        axis = 1 + self.product.reductions.index(self.paired)
        if array.shape[axis] % 2:
            array = numpy.concatenate([array, numpy.zeros_like(array.take([0], axis))], axis)
        halves = [array.take(range(half, array.shape[axis], 2), axis).reshape(channels, -1) for half in range(2)]
        pairs = numpy.zeros((channels, self.words * 2, 2), numpy.int8)
        pairs[:, : self.pairs] = numpy.stack(halves, 2)
        # SXTB16 takes bytes 0 and 2, and of the rotated word bytes 1 and 3.
        words = numpy.ascontiguousarray(pairs.reshape(channels, self.words, 2, 2).swapaxes(2, 3))
        words = words.reshape(channels, self.words, 4).view("<i4")[..., 0]
        tiles = [words[first : first + self.tile_channels].T for first in tiling.bases(channels, self.tile_channels)]
        return numpy.ascontiguousarray(tiles).reshape(-1)

    def scratch(self):
        """[pair][pixel]; an odd last pair meets weights of zero, but must not be left undefined."""
        scratch = emit.empty([self.words * 2 * self.tile_pixels], emit.i32())
        for place in range(self.pairs * self.tile_pixels, self.words * 2 * self.tile_pixels):
            scratch = emit.store(emit.word(0), scratch, emit.index(place))
        return scratch

    def gather(self, scratch, places):
        (scratch,) = emit.nest(self.pair_counts, [scratch], lambda at, array: [self._gather_pair(at, array, places)])
        return scratch

    def _gather_pair(self, at, scratch, places):
        position = emit.scaled(emit.flat(at, self.pair_counts), self.tile_pixels)
        for number, place in enumerate(places):
            low, high = (self.element(place, self._halved(at, half)) for half in range(2))
            scratch = emit.store(emit.pair(low, high), scratch, emit.plus(position, number))
        return scratch

    def _halved(self, at, half):
        """The values of the reductions for one half of the pair at."""
        result = list(at)
        number = self.product.reductions.index(self.paired)
        extent = self.product.extents[self.paired]
        value = emit.plus(emit.scaled(at[number], 2), half)
        # The half beyond an odd extent has a weight of zero: any element will do.
        result[number] = emit.least(value, emit.index(extent - 1)) if half and extent % 2 else value
        return result

    def sums(self, tile, scratch, starts):
        start = emit.scaled(tile, self.words * self.tile_channels)

        def body(number, address, *sums):
            for word in range(self.unroll):
                at = emit.add(start, emit.scaled(emit.plus(emit.scaled(number, self.unroll), word), self.tile_channels))
                sums = self._multiply(at, address, word * 8 * self.tile_pixels, sums)
            return [emit.advance(address, self.unroll * 8 * self.tile_pixels), *sums]

        return emit.loop(self.words // self.unroll, [emit.address(scratch), *starts], body)[1:]

    def _multiply(self, at, address, offset, sums):
        """sums with four more weights of each channel; their pairs are at address + offset."""
        sums, words, pairs = list(sums), {}, {}
        steps = [(half, channel) for half in range(2) for channel in range(self.tile_channels)]
        if self.tile_pixels == 1:  # weights are what comes and goes
            steps.sort(key=lambda step: step[1])
        for half, channel in steps:
            if channel not in words:
                words[channel] = emit.load(self.weights, emit.plus(at, channel))
            weights = emit.intrinsic("llvm.arm.sxtb16", emit.rotated(words[channel], 8 * half))
            for pixel in range(self.tile_pixels):
                number = half * self.tile_pixels + pixel
                if number not in pairs:
                    pairs.update(zip((number, number + 1), emit.two_words(address, offset + 4 * number)))
                place = channel * self.tile_pixels + pixel
                sums[place] = emit.intrinsic("llvm.arm.smlad", weights, pairs[number], sums[place])
        return sums


def _adds_tensor(product):
    """Whether the epilogue reads a tensor that is no constant, as of a residual."""
    ins = list(product.epilogue.operands)[:-1] if product.epilogue else []
    own = product.contraction.results[0]
    return any(v != own and isinstance(v.type, ir.RankedTensorType) and not product.dispatch.constant(v) for v in ins)


class _Blocks(Loops):
    """Sums are added up by assembly (`dsp`), in blocks of those extents that take the fewest cycles."""

    def __init__(self, product):
        tiles = [(pixels, channels) for pixels in EXTENTS for channels in EXTENTS if dsp.Block(pixels, channels, 1).fits]
        if _adds_tensor(product):  # what is computed twice would read it twice, when the output may lie over it
            count = product.size(product.pixels), product.size(product.channels)
            tiles = [tile for tile in tiles if not any(n % size for n, size in zip(count, tile))]
        cost = functools.partial(self._cycles, product)
        tiles.sort(key=cost)
        super().__init__(product, *tiling.choose(product, 2, *tiles, min(tiles, key=lambda tile: tile[0])), unroll=1)
        self.block = dsp.Block(self.tile_pixels, self.tile_channels, self.words)

    @staticmethod
    def _cycles(product, tile):
        pixels, channels = (min(pair) for pair in zip(tile, (product.size(product.pixels), product.size(product.channels))))
        count = [len(tiling.bases(product.size(loops), size)) for loops, size in ((product.pixels, pixels), (product.channels, channels))]
        words = -(-product.size(product.reductions) // 4)
        return count[0] * (count[1] * dsp.Block(pixels, channels, words).cycles + GATHER * words * pixels)

    def emit(self, type_):
        self.place = addresses.of(self.weights)
        return super().emit(type_)

    def sums(self, tile, scratch, starts):
        weights = emit.advance_by(self.place, emit.scaled(tile, 4 * self.words * self.tile_channels))
        operands = [*starts, emit.address(scratch), weights]
        return emit.assembly(*self.block.text(), ["i32"] * len(operands), operands)[: len(starts)]
