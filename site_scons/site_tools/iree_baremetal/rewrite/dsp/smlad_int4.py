"""Products of int8 activations and weights of four bits by SMLAD: the weights lie packed in flash, eight in a word.

It is the weights themselves that tell, whatever type they have in the model: importers make int8 of int4.
"""

import numpy

from .. import emit, tiling
from . import block_int4, smlad

LEAST, GREATEST = -8, 7


def fits(product):
    """Whether all weights have four bits, and the activations of one pixel fit on the stack."""
    weights = product.weights.array()
    if weights is None or product.size(product.reductions) * 2 > tiling.SCRATCH_LIMIT:
        return False
    return LEAST <= weights.min() and weights.max() <= GREATEST


def rewrite(product, compact=False):
    """Replaces a product by loops over SMLAD; raises `NoMatch`. compact: as for `smlad.rewrite`."""
    smlad.rewrite(product, compact, Loops)


class Loops(smlad.Loops):
    BLOCK, UNIT = block_int4.Block, block_int4.UNIT
    OFFSET = 0xFFF8FFF8  # of activations that are 16 times as large

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        self.missing = self.words % 2  # words of four
        self.words += self.missing
        self.block = self.BLOCK(self.tile_pixels, self.tile_channels, self.words, is_small)

    def pack(self, weights):
        fours = numpy.pad(self.fours(weights), ((0, 0), (0, self.missing), (0, 0)))
        return self.laid_out(block_int4.packed(fours), numpy.zeros(self.channels, numpy.int32))

    def scratch(self):
        scratch, first = super().scratch(), (1 + 2 * (self.words - self.missing)) * self.tile_pixels
        for place in range(first, first + 2 * self.missing * self.tile_pixels):
            scratch = emit.store(emit.word(0), scratch, emit.index(place))
        return scratch

    def keep(self, at, scratch, start, first, second, *, number):
        scratch, start = super().keep(at, scratch, start, first, second, number=number)
        return [scratch, emit.intrinsic("llvm.arm.smlad", second, emit.word(0xFF80FF80), start)]

    def pair(self, place, at, load):
        """(each second activation of one word times 16, the others), of the pixel at place."""
        if self.by_words and load == self.element:
            four = emit.load_word(self.product.activation, *self.position(place, self.factor(at, 0)))
        else:
            bytes_ = [emit.byte_of(load(place, self.factor(at, number))) for number in range(smlad.FACTORS)]
            four = emit.joined(emit.joined(*bytes_[:2], 8), emit.joined(*bytes_[2:], 8), 16)
        first, second = (emit.intrinsic("llvm.arm.sxtb16", emit.rotated(four, bits)) for bits in (0, 8))
        return emit.shifted_halves(first, 4), second
