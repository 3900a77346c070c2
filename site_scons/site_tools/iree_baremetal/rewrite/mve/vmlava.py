"""int8 products by VMLAVA, which adds up 16 products at once, on cores with MVE ("Helium").

Where that pays, activations are laid out in strips (`strips`). Else those of a tile of pixels are gathered in the order
of the weights, which are repacked beforehand; both are filled up with zeros to whole vectors. Those of 16x8 products, of which
VMLAVA takes 8, always are; their sums are words, and their weights have to allow that.
"""

import contextlib
import functools

import numpy

from .. import emit, tiling
from ..dsp import smlad
from ..integers import requantization
from ..product import NoMatch, element_of
from . import strip_loops, strips

STRIP_TILES = (3, 2), (2, 3), (2, 2), (1, 6), (1, 4), (1, 3), (1, 2), (2, 1), (3, 1)  # pixels and channels, to be tried
TILES = (3, 2), (2, 2), (1, 4)  # of those that are gathered
SHORT = 32  # of sums so short most of the time goes to gathering, which larger tiles do not gain from
LANES = 16
GATHER, TURN, REST = 3.5, 12, 70  # instructions to gather an activation, of a vector of a tile, and of the rest of one, about


def rewrite(product):
    """Replaces a product, of int8 or 16x8, by loops over VMLAVA; raises `NoMatch`."""
    if element_of(product.contraction.results[0]) == "i64":
        requantization.check_words(product)
    options = [*(_strips(product) if element_of(product.activation) == "i8" else []), *_gathered(product)]
    if not options:
        raise NoMatch("its inputs take too much of the stack")
    _, _, make = product.dispatch.form.best(options, lambda option: option[0], lambda option: option[1])
    loops = make()
    loops.weights = product.weights.replace(loops.pack)
    tiling.replace(product, loops.emit)


def _strips(product):
    """(instructions, about, name, what makes the loops) of all strips and their tiles."""
    with contextlib.suppress(NoMatch):
        for found in strips.find(product, STRIP_TILES):
            yield strips.cycles(*found), tiling.name(product, found[1]), functools.partial(strip_loops.Loops, product, *found)


def _gathered(product):
    """The same, of gathered tiles."""
    tiles = TILES[product.size(product.reductions) < SHORT :] if product.size(product.pixels) > 1 else TILES[-1:]
    factors, pixels = product.size(product.reductions), product.size(product.pixels)
    turns = TURN * -(-factors // LANES) + REST
    cycles = pixels * (GATHER * factors + product.size(product.channels) * turns / (TILES[0][0] * TILES[0][1]))
    size = product.activation.type.element_type.width // 8
    with contextlib.suppress(NoMatch):
        yield cycles, "gathered", functools.partial(Loops, product, *tiling.choose(product, size, *tiles))


class Loops(tiling.Loops):
    def __init__(self, product, tile_pixels, tile_channels):
        super().__init__(product, tile_pixels, tile_channels)
        self.factors, self.type = product.size(product.reductions), product.activation.type.element_type
        self.lanes = LANES * 8 // self.type.width
        self.vectors = -(-self.factors // self.lanes)
        is_whole = tiling.is_a_row(product) and self.factors % self.lanes == 0
        self.in_place = is_whole and smlad.are_neighbours(product, product.reductions[0])

    def pack(self, weights):
        """The weights as [tile of channels][vector][channel][lane]."""
        channels = self.channels
        array = self.arranged(weights).reshape(channels, -1)
        padded = numpy.zeros((channels, self.vectors * self.lanes), numpy.int8)
        padded[:, : self.factors] = array
        rows = padded.reshape(channels, self.vectors, self.lanes)
        tiles = [rows[first : first + self.tile_channels].swapaxes(0, 1) for first in tiling.bases(channels, self.tile_channels)]
        return numpy.ascontiguousarray(tiles).reshape(-1)

    def scratch(self):
        """[pixel][factor]; what fills up the last vector meets weights of zero, but must not be undefined."""
        if self.in_place:
            return self.product.activation
        length = self.vectors * self.lanes
        scratch = emit.empty([self.tile_pixels * length], self.type)
        unused = length - self.factors
        if not unused:
            return scratch

        zero = emit.constant(self.type, 0)

        def clear(at, array):
            place = emit.plus(emit.add(emit.scaled(at[0], length), at[1]), self.factors)
            return [emit.store(zero, array, place)]

        return emit.nest([self.tile_pixels, unused], [scratch], clear)[0]

    def put(self, at, scratch, *totals, number, place, load):
        factor = emit.flat(at, self.counts)
        return [emit.store(load(place, at), scratch, emit.add(factor, emit.scaled(number, self.vectors * self.lanes)))]

    def sums(self, tile, scratch, starts):
        start = emit.scaled(tile, self.vectors * self.tile_channels * self.lanes)

        def body(number, *sums):
            factor = emit.scaled(number, self.lanes)
            pixels = [emit.load_lanes(scratch, self.lanes, *self._place(factor, i)) for i in range(self.tile_pixels)]
            at = emit.add(start, emit.scaled(number, self.tile_channels * self.lanes))
            channels = [
                emit.load_lanes(self.weights, self.lanes, emit.plus(at, i * self.lanes)) for i in range(self.tile_channels)
            ]
            pairs = [(channel, pixel) for channel in channels for pixel in pixels]
            return [emit.dot(channel, pixel, total) for (channel, pixel), total in zip(pairs, sums)]

        return emit.loop(self.vectors, starts, body)

    def _place(self, factor, pixel):
        """Where in scratch a vector begins."""
        if self.in_place:
            return self.factor_in_place(factor)
        return [emit.plus(factor, pixel * self.vectors * self.lanes)]
