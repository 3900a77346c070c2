"""16x8 products by SMLAD: int16 activations, int8 weights.

Activations are gathered as `block_16x8` takes them: pairs, as they lie in memory. A block adds up words; where the model's
sums are of 64 bits, each block takes so many factors that no sum of theirs can be longer than a word, whatever the
activations, by the weights that each channel has: mostly all of them, else the sums of some blocks are added up.
"""

from iree.compiler import ir

from .. import emit
from ..integers import requantization
from ..product import NoMatch, element_of
from . import block_16x8, smlad


def rewrite(product, compact=False):
    """Replaces a product by loops over SMLAD; raises `NoMatch`. compact: as for `smlad.rewrite`."""
    smlad.rewrite(product, compact, Loops)


class Loops(smlad.Loops):
    BLOCK = block_16x8.Block

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        is_long = element_of(product.contraction.results[0]) == "i64"
        self.parts = self._parts() if is_long else 1
        self.block = self.BLOCK(self.tile_pixels, self.tile_channels, self.words // self.parts, is_small)

    def _parts(self):
        """The least number of blocks that add up equally many factors, none of them more than a word."""
        weights = self.product.weights.array()
        if weights is None:
            raise NoMatch("its weights differ from call to call")
        fours = self.fours(weights)
        for count in (n for n in range(1, self.words + 1) if self.words % n == 0):
            first, last = requantization.bounds(fours.reshape(self.channels, count, -1).astype("i8"), 16)
            if -(2**31) <= first.min() and last.max() < 2**31:
                return count
        raise AssertionError("four products fit into a word")

    def pack(self, weights):
        """The weights as words, for each tile of channels: [word][channel]; and where they have lines [channel][…]."""
        words = block_16x8.packed(self.fours(weights))
        lines = self.epilogue.lines()[:, 1:] if self.has_lines else words[:, :0]
        return self.tiled(words, lines)

    def scratch(self):
        return emit.empty([2 * self.words * self.tile_pixels], emit.i32())

    def keep(self, at, scratch, start, first, second, *, number):
        """[scratch, start] with the two pairs of activations of one word of weights, of the pixel of this number."""
        position = emit.add(emit.scaled(emit.flat(at, self.counts), 2 * self.tile_pixels), number)
        scratch = emit.store(first, scratch, position)
        return [emit.store(second, scratch, emit.plus(position, self.tile_pixels)), start]

    def finish(self, scratch, *totals, number):
        return scratch

    def pair(self, place, at, load):
        """The two pairs of the activations of one word of weights, of the pixel at place."""
        if self.by_words and load == self.element:
            where = [self.position(place, self.factor(at, number)) for number in (0, 2)]
            return [emit.load_word(self.product.activation, *position) for position in where]
        a0, a1, a2, a3 = (emit.byte_of(load(place, self.factor(at, number))) for number in range(smlad.FACTORS))
        return emit.joined(a0, a1, 16), emit.joined(a2, a3, 16)

    def sums(self, tile, scratch, starts):
        places = [emit.address(scratch), self.of_tile(tile)]
        text, constraints = self.block.text()
        types = ["i32"] * (self.block.sums + 2)
        if self.parts == 1:
            *sums, _, self.behind = emit.assembly(text, constraints, types, places)
            return sums
        i64 = ir.IntegerType.get_signless(64)

        def part(_, *carried):
            made = emit.assembly(text, constraints, types, carried[-2:])
            return [emit.add(total, emit.as_long_as(value, i64)) for total, value in zip(carried, made[:-2])] + made[-2:]

        zeros = [emit.constant(i64, 0)] * self.block.sums
        *sums, _, self.behind = emit.loop(self.parts, [*zeros, *places], part, is_rolled=True)
        return sums
