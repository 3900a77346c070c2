"""int8 products by SMLAD, which multiplies and adds two pairs of 16-bit numbers at once.

For every tile of pixels their activations are gathered into a scratch array of 16-bit pairs; each
tile of channels then takes four of its weights a word: SXTB16 makes two pairs of them. Weights are
put in the order of their use beforehand.
"""

import numpy
from iree.compiler import ir

from . import dispatches, emit, epilogue
from .product import NoMatch

PIXELS, CHANNELS, CHANNELS_OF_ONE_PIXEL = 2, 2, 4  # of a tile


class Tiling:
    """How a product is cut: tiles of pixels and channels, and pairs along one of its reductions.

    The last tile of a row overlaps the one before it: no other code for what is left over.
    """

    def __init__(self, product):
        self.product = product
        self.pixels, self.channels = product.size(product.pixels), product.size(product.channels)
        self.tile_pixels = min(PIXELS, self.pixels)
        wanted = CHANNELS if self.pixels > 1 else CHANNELS_OF_ONE_PIXEL
        self.tile_channels = min(wanted, self.channels)
        # Pairs along the reduction that wastes least; the outermost of those.
        extent = product.extents
        self.paired = min(product.reductions, key=lambda r: (extent[r] + 1) // 2 * 2 / extent[r])
        self.pair_counts = [(extent[r] + 1) // 2 if r == self.paired else extent[r] for r in product.reductions]
        self.pairs = int(numpy.prod(self.pair_counts))
        self.words = (self.pairs + 1) // 2  # of weights, for a channel

    def bases(self, size, tile):
        """Where each tile begins."""
        return [min(i * tile, size - tile) for i in range(-(-size // tile))]

    def pack(self, weights):
        """The weights as words, [tile of channels][word][channel]."""
        product = self.product
        order = [e.position for e in product.weights_map.results]
        wanted = [*product.channels, *product.reductions]
        array = numpy.transpose(weights, [order.index(loop) for loop in wanted])
        extents = [product.extents[r] for r in product.reductions]
        array = array.reshape(self.channels, *extents)
        axis = 1 + product.reductions.index(self.paired)
        if product.extents[self.paired] % 2:
            array = numpy.concatenate([array, numpy.zeros_like(array.take([0], axis))], axis)
        even, odd = array.take(range(0, array.shape[axis], 2), axis), array.take(range(1, array.shape[axis], 2), axis)
        pairs = numpy.zeros((self.channels, self.words * 2, 2), numpy.int8)
        pairs[:, : self.pairs] = numpy.stack([even.reshape(self.channels, -1), odd.reshape(self.channels, -1)], 2)
        # SXTB16 takes bytes 0 and 2, and rotated by 8 bytes 1 and 3.
        words = pairs.reshape(self.channels, self.words, 2, 2).swapaxes(2, 3)
        words = numpy.ascontiguousarray(words).reshape(self.channels, self.words, 4).view("<i4")[..., 0]
        tiles = [words[base : base + self.tile_channels].T for base in self.bases(self.channels, self.tile_channels)]
        return numpy.ascontiguousarray(tiles).reshape(-1)


def rewrite(product):
    """Replaces a product by loops over SMLAD; raises `NoMatch`."""
    if product.groups:
        raise NoMatch("each channel has an input of its own")
    if not product.reductions or not product.channels:
        raise NoMatch("it has no sums or no channels")
    tiling = Tiling(product)
    if tiling.pairs < 2:
        raise NoMatch("its sums are too short")
    weights = product.weights.replace(tiling.pack)
    result = product.result
    with ir.InsertionPoint(dispatches.defining(result)):
        new = _Loops(product, tiling, weights).emit(result.type)
    result.replace_all_uses_with(new)
    epilogue.erase(product)


class _Loops:
    def __init__(self, product, tiling, weights):
        self.product, self.tiling, self.weights = product, tiling, weights
        self.epilogue = epilogue.Epilogue(product)

    def emit(self, type_):
        t = self.tiling
        out = emit.empty(list(type_.shape), type_.element_type)
        scratch = emit.empty([t.words * 2 * t.tile_pixels], emit.i32())
        if t.pairs % 2:
            for pixel in range(t.tile_pixels):
                scratch = emit.store(emit.word(0), scratch, emit.index(t.pairs * t.tile_pixels + pixel))
        count = len(t.bases(t.pixels, t.tile_pixels))
        out, _ = emit.loop(count, [out, scratch], self._pixels)
        return out

    def _pixels(self, number, out, scratch):
        t = self.tiling
        first = self._base(number, t.tile_pixels, t.pixels)
        places = []
        for offset in range(t.tile_pixels):
            flat = emit.add(first, emit.index(offset)) if offset else first
            coordinates = emit.split(flat, [self.product.extents[p] for p in self.product.pixels])
            places.append(dict(zip(self.product.pixels, coordinates)))
        (scratch,) = emit.nest(t.pair_counts, [scratch], lambda at, array: [self._gather(at, array, places)])
        count = len(t.bases(t.channels, t.tile_channels))
        (out,) = emit.loop(count, [out], lambda tile, array: [self._channels(tile, array, scratch, places)])
        return [out, scratch]

    def _base(self, number, tile, size):
        first = emit.scaled(number, tile)
        return emit.least(first, emit.index(size - tile)) if size % tile else first

    def _gather(self, at, scratch, places):
        """Stores one pair of every pixel of the tile."""
        t = self.tiling
        position = emit.index(0)
        for count, coordinate in zip(t.pair_counts, at):
            position = emit.add(emit.scaled(position, count), coordinate)
        position = emit.scaled(position, t.tile_pixels)
        for number, place in enumerate(places):
            low, high = (self._element(at, place, half) for half in range(2))
            pair = emit.pair(low, high)
            scratch = emit.store(pair, scratch, emit.add(position, emit.index(number)))
        return scratch

    def _element(self, at, place, half):
        dims = [None] * len(self.product.extents)
        for loop, value in place.items():
            dims[loop] = value
        for loop, value in zip(self.product.reductions, at):
            if loop == self.tiling.paired:
                value = emit.add(emit.scaled(value, 2), emit.index(half))
                if half and self.product.extents[loop] % 2:  # its weight is zero: any element will do
                    value = emit.least(value, emit.index(self.product.extents[loop] - 1))
            dims[loop] = value
        return emit.load(self.product.activation, *emit.point(self.product.activation_map, dims))

    def _channels(self, tile, out, scratch, places):
        t = self.tiling
        sums = [emit.word(0)] * (t.tile_channels * t.tile_pixels)
        start = emit.scaled(tile, t.words * t.tile_channels)
        sums = emit.loop(t.words, sums, lambda word, *c: self._multiply(start, word, scratch, c))
        first = self._base(tile, t.tile_channels, t.channels)
        points = [self._point(first, channel, place) for channel in range(t.tile_channels) for place in places]
        for value, point in zip(self.epilogue.apply(sums, points), points):
            out = emit.store(value, out, *point)
        return out

    def _multiply(self, start, word, scratch, sums):
        t = self.tiling
        sums = list(sums)
        at = emit.scaled(word, 2 * t.tile_pixels)
        pairs = [emit.load(scratch, emit.add(at, emit.index(i))) for i in range(2 * t.tile_pixels)]
        place = emit.add(start, emit.scaled(word, t.tile_channels))
        words = [emit.load(self.weights, emit.add(place, emit.index(i))) for i in range(t.tile_channels)]
        for channel, value in enumerate(words):
            for half in range(2):
                rotated = emit.intrinsic("llvm.fshr.i32", value, value, emit.word(8)) if half else value
                weights = emit.intrinsic("llvm.arm.sxtb16", rotated)
                for pixel in range(t.tile_pixels):
                    number = channel * t.tile_pixels + pixel
                    sums[number] = emit.intrinsic("llvm.arm.smlad", weights, pairs[half * t.tile_pixels + pixel], sums[number])
        return sums

    def _point(self, first, offset, place):
        """The output's coordinates of a channel and a pixel."""
        product = self.product
        flat = emit.add(first, emit.index(offset)) if offset else first
        channels = emit.split(flat, [product.extents[c] for c in product.channels])
        known = {**place, **dict(zip(product.channels, channels))}
        return [known[e.position] for e in product.out_map.results]
