"""int8 products on RV32 cores without vectors: two pixels in one multiplication (SIMD within a register).

The activations of pairs of pixels are gathered as words, in which `halves` adds up the products of a few factors at
once: of as many as the weights allow whatever the activations.
"""

import numpy
from iree.compiler.dialects import arith

from .. import addresses, emit, tiling
from ..product import NoMatch
from . import halves

PAIRS, CHANNELS, LENGTHS = range(1, 3), range(1, 9), range(2, 7)  # of a block, to be tried
GATHER = 8  # instructions for a factor of a pair, about
FINISH = 30  # … for both sums of a pair, once they are added up


def rewrite(product):
    """Replaces a product by loops over blocks of pairs of pixels; raises `NoMatch`."""
    if product.size(product.pixels) < 2:
        raise NoMatch("it has one pixel only")
    loops = _Loops(product)
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


class _Loops(tiling.Loops):
    is_rolled = True  # sixteen sums at once would take as many epilogues

    def __init__(self, product):
        super().__init__(product, 2, 1)  # the tile's extents come below
        weights = product.weights.array()
        if weights is None:
            raise NoMatch("its weights differ from call to call")
        rows = self.arranged(weights).reshape(self.channels, -1)
        self.factors = rows.shape[1]
        lengths = [length for length in LENGTHS if length <= self.factors and _is_safe(_runs(rows, length))]
        if not lengths:
            raise NoMatch("two of its products may take more than 16 bits")
        blocks = [halves.Block(p, c, n, -(-self.factors // n)) for p in PAIRS for c in CHANNELS for n in lengths]
        blocks = [block for block in blocks if block.fits and 2 * block.pairs <= self.pixels and block.channels <= self.channels]
        if product.added:  # a channel that is computed twice would read it twice, when the output may lie over it
            blocks = [block for block in blocks if self.channels % block.channels == 0]
        blocks = [block for block in blocks if self._words(block) * 4 <= tiling.SCRATCH_LIMIT] or blocks[:1]
        if not blocks or self._words(blocks[0]) * 4 > tiling.SCRATCH_MAXIMUM:
            raise NoMatch("no block of it fits")
        self.block = product.dispatch.form.best(blocks, self._instructions, lambda b: f"{2 * b.pairs}x{b.channels}")
        self.tile_pixels, self.tile_channels = 2 * self.block.pairs, self.block.channels

    @staticmethod
    def _words(block):
        """Of the scratch array."""
        return block.runs * block.length * block.pairs

    def _instructions(self, block):
        tiles = len(tiling.bases(self.channels, block.channels)) * (block.instructions + FINISH * block.pairs * block.channels)
        return len(tiling.bases(self.pixels, 2 * block.pairs)) * (tiles + GATHER * self._words(block))

    def pack(self, weights):
        """The weights as [tile of channels][run][channel][factor]."""
        rows = _runs(self.arranged(weights).reshape(self.channels, -1), self.block.length)
        tiles = [
            rows[first : first + self.tile_channels].swapaxes(0, 1) for first in tiling.bases(self.channels, self.tile_channels)
        ]
        return numpy.ascontiguousarray(tiles).reshape(-1)

    def emit(self, type_):
        self.place = addresses.of(self.weights)
        return super().emit(type_)

    def scratch(self):
        """[factor][pair]; what fills up the last run has weights of zero, and is defined."""
        scratch = emit.empty([self._words(self.block)], emit.i32())
        for place in range(self.factors * self.block.pairs, self._words(self.block)):
            scratch = emit.store(emit.word(0), scratch, emit.index(place))
        return scratch

    def put(self, at, scratch, *totals, number, place, load):
        """The activation into its half of the pair's word: that of the first pixel, then that of the second."""
        at_pair = emit.add(emit.scaled(emit.flat(at, self.counts), self.block.pairs), emit.quotient(number, 2))
        value = emit.widened(load(place, at))
        both = emit.add(emit.load(scratch, at_pair), arith.shli(value, emit.word(16)))
        return [emit.store(emit.choice(emit.is_odd(number), both, value), scratch, at_pair)]

    def sums(self, tile, scratch, starts):
        block, sixteen = self.block, emit.word(16)
        uppers, rounding = starts[::2], emit.word(-halves.HALF * block.runs)
        wholes = [emit.add(emit.add(value, arith.shli(value, sixteen)), rounding) for value in uppers]
        weights = emit.advance_by(self.place, emit.scaled(tile, block.runs * block.channels * block.length))
        operands = [*wholes, *uppers, emit.address(scratch), weights]
        sums = emit.assembly(*block.text(), ["i32"] * len(operands), operands)
        pairs = zip(sums[: len(uppers)], sums[len(uppers) :])
        return [value for whole, upper in pairs for value in (arith.subi(whole, arith.shli(upper, sixteen)), upper)]


def _runs(rows, length):
    """rows, [channel, factor], as [channel, run, factor of it]; zeros fill up the last run."""
    return numpy.pad(rows, ((0, 0), (0, -rows.shape[1] % length))).reshape(len(rows), -1, length)


def _is_safe(runs):
    """Whether the sums of the products of each run fit into 16 bits, whatever the activations."""
    runs = runs.astype(numpy.int64)
    least, greatest = numpy.minimum(runs * -128, runs * 127).sum(2), numpy.maximum(runs * -128, runs * 127).sum(2)
    return least.min() >= -halves.HALF and greatest.max() < halves.HALF
