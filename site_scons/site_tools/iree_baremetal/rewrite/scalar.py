"""int8 and 16x8 products by plain multiplications, for cores that have nothing better.

Sums are words; those of 16x8 whose weights allow longer ones are left alone. The activations of a tile of pixels are gathered in the order of the weights, which are repacked
beforehand: one short loop without address arithmetic instead of a deep nest.
"""

import numpy

from . import emit, tiling
from .integers import requantization
from .product import element_of

TILES = (2, 2), (1, 4)  # pixels and channels of a tile
WIDE = 1, 8  # of a single pixel, where there are registers for it


def rewrite(product, compact=False, is_wide=False):
    """Replaces a product by loops of scalars; raises `NoMatch`.

    compact: one pixel and one channel at a time, which takes the least code. is_wide: whether the core has
    registers for eight channels.
    """
    if element_of(product.contraction.results[0]) == "i64":
        requantization.check_words(product)
    size = product.activation.type.element_type.width // 8
    tiles = [(1, 1)] if compact else [*TILES] if product.size(product.pixels) > 1 else _of_a_pixel(product, is_wide)
    fitting = [tile for tile in tiles if tiling.fits(product, size, tile)] or tiles[-1:]
    # The first is the best, as a rule.
    found = product.dispatch.form.best(fitting, lambda tile: 1 + tiles.index(tile) / 10, lambda tile: tiling.name(product, tile))
    pixels, channels = tiling.choose(product, size, found)
    loops = Loops(product, pixels, channels, is_small=compact)
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


def _of_a_pixel(product, is_wide):
    """The tiles of one pixel, that with which it takes the fewest instructions first."""

    def instructions(tile):
        return len(tiling.bases(max(product.size(product.channels), tile[1]), tile[1])) * (3 * tile[1] + 4)

    return sorted([TILES[-1], WIDE] if is_wide else TILES[-1:], key=instructions)


class Loops(tiling.Loops):
    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        self.in_place = tiling.is_a_row(product)

    @property
    def factors(self):
        return self.product.size(self.product.reductions)

    def pack(self, weights):
        """The weights as [tile of channels][factor][channel]."""
        rows = self.arranged(weights).reshape(self.channels, -1)
        tiles = [rows[first : first + self.tile_channels].T for first in tiling.bases(self.channels, self.tile_channels)]
        return numpy.ascontiguousarray(tiles).reshape(-1)

    def scratch(self):
        """[factor][pixel]"""
        if self.in_place:
            return self.product.activation
        return emit.empty([self.factors * self.tile_pixels], self.product.activation.type.element_type)

    def put(self, at, scratch, *totals, number, place, load):
        factor = emit.scaled(emit.flat(at, self.counts), self.tile_pixels)
        return [emit.store(load(place, at), scratch, emit.add(factor, number))]

    def sums(self, tile, scratch, starts):
        start = emit.scaled(tile, self.factors * self.tile_channels)

        def body(factor, *sums):
            pixels = [emit.widened(emit.load(scratch, *self._place(factor, i))) for i in range(self.tile_pixels)]
            at = emit.add(start, emit.scaled(factor, self.tile_channels))
            channels = [emit.widened(emit.load(self.weights, emit.plus(at, i))) for i in range(self.tile_channels)]
            pairs = [(channel, pixel) for channel in channels for pixel in pixels]
            return [emit.multiply_add(channel, pixel, total) for (channel, pixel), total in zip(pairs, sums)]

        return emit.loop(self.factors, starts, body)

    def _place(self, factor, pixel):
        """Where the activation of a pixel is in scratch."""
        if self.in_place:
            return self.factor_in_place(factor)
        return [emit.plus(emit.scaled(factor, self.tile_pixels), pixel)]
