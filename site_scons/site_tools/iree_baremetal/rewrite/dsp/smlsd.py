"""int8 products of one pixel by SMLSD, where its activations lie side by side: they are read in place, not gathered."""

import contextlib

from .. import addresses, axes, emit, tiling
from ..product import NoMatch
from . import gemv, weights

CHANNELS = range(1, 11)  # of a block, to be tried
FACTORS = 4  # in a word


def rewrite(product, compact=False):
    """Replaces a product of one pixel by loops over SMLSD; whether it is one whose activations lie in a row.

    compact: one channel at a time.
    """
    start = None
    with contextlib.suppress(NoMatch):
        start = _start(product)
    if start is None:
        return False
    loops = Loops(product, 1 if compact else _channels(product), start, is_small=compact)
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)
    return True


def _start(product):
    """Bytes in front of the first activation; None unless the activations are neighbours. Puts reductions in their order."""
    if product.size(product.pixels) != 1 or product.padding or product.size(product.reductions) < FACTORS:
        return None
    strides, start = addresses.distances(product)
    in_order = axes.of(product, product.reductions, strides)
    (*outer, last) = axes.merged([axis for axis in in_order if axis.extent > 1])
    if outer or last.stride != 1:
        return None
    product.reductions = [loop for axis in in_order for loop in axis.loops]
    return start


def _channels(product):
    """Of a block: as many as take the fewest cycles."""
    size = product.size(product.channels)

    def cycles(channels):
        return len(tiling.bases(size, channels)) * _block(product, channels).cycles

    # What is computed twice would read a residual twice, when the output may lie over it.
    whole = (n for n in CHANNELS if n <= size and not (product.added and size % n))
    return min((n for n in whole if _block(product, n).fits), key=cycles)


def _block(product, channels, is_small=False):
    factors = product.size(product.reductions)
    return gemv.Block(channels, -(-factors // FACTORS), is_small, gemv.overlap(factors))


class Loops(weights.Loops):
    """start: bytes in front of the first activation."""

    def __init__(self, product, tile_channels, start, is_small=False):
        super().__init__(product, 1, tile_channels, is_small)
        self.first, self.block = start, _block(product, self.tile_channels, is_small)
        self.words = self.block.words

    def pack(self, array):
        """The weights as words, as they are `laid_out`."""
        return self.laid_out(*gemv.packed(self.arranged(array).reshape(self.channels, -1)))

    def emit(self, type_):
        self.activations = emit.advance(addresses.of(addresses.whole(self.product.activation)), self.first)
        return super().emit(type_)

    def scratch(self):
        return emit.word(0)

    def gather(self, scratch, first):
        """What all sums begin with, in the place of a scratch array."""
        text, constraints = gemv.offset(self.product.size(self.product.reductions), self.is_small)
        return emit.assembly(text, constraints, ["i32"] * 2, [self.activations])[:1]

    def sums(self, tile, scratch, starts):
        operands = [scratch, self.activations, self.of_tile(tile)]
        *sums, _, _, self.behind = emit.assembly(*self.block.text(), ["i32"] * (self.block.channels + 3), operands)
        return sums
