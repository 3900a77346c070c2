"""How a product is cut into tiles, and its activations gathered for each of them.

The last tile along an edge overlaps the one before it: no other code for what is left over.
"""

from . import dispatches, emit, epilogue
from .product import NoMatch


def bases(size, tile):
    """Where each tile of a row of size begins."""
    return [min(i * tile, size - tile) for i in range(-(-size // tile))]


def base(number, size, tile):
    """The same, of the number-th tile, as a value."""
    first = emit.scaled(number, tile)
    return emit.least(first, emit.index(size - tile)) if size % tile else first


SCRATCH_LIMIT, SCRATCH_MAXIMUM = 4096, 16384  # bytes on the stack: to be kept, and not to be exceeded


def choose(product, factor_size, *tiles):
    """The first of tiles, (pixels, channels) each, whose scratch array is small, else the last.

    factor_size: bytes in it of each factor of a pixel.
    """
    size = product.size(product.reductions) * factor_size
    fits = [tile for tile in tiles if tile[0] * size <= SCRATCH_LIMIT]
    found = fits[0] if fits else tiles[-1]
    if found[0] * size > SCRATCH_MAXIMUM:
        raise NoMatch(f"its inputs would take {found[0] * size} bytes of the stack")
    return found


class Loops:
    """The loops over tiles of pixels and channels that stand for a product.

    For every tile of pixels gather() fills a scratch array; sums() adds up a tile of channels.
    tile_pixels, tile_channels: the extents of a tile. is_small: for `epilogue.Epilogue`.
    """

    weights = None  # packed, in place of the product's

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        if product.groups:
            raise NoMatch("each channel has an input of its own")
        if not product.reductions or not product.channels:
            raise NoMatch("it has no sums or no channels")
        self.product, self.epilogue = product, epilogue.Epilogue(product, is_small)
        self.pixels, self.channels = product.size(product.pixels), product.size(product.channels)
        self.tile_pixels, self.tile_channels = min(tile_pixels, self.pixels), min(tile_channels, self.channels)

    def arranged(self, weights):
        """The weights as an array [channel][first reduction][…]."""
        product = self.product
        order = [e.position for e in product.weights_map.results]
        array = weights.transpose([order.index(loop) for loop in [*product.channels, *product.reductions]])
        return array.reshape(self.channels, *(product.extents[r] for r in product.reductions))

    def scratch(self):
        """A new scratch array for the activations of a tile of pixels."""
        raise NotImplementedError

    def gather(self, scratch, places):
        """scratch with the activations of the pixels at places in it."""
        raise NotImplementedError

    def sums(self, tile, scratch, starts):
        """The sums of a tile of channels, each from its start: for each channel, those of all pixels of the tile."""
        raise NotImplementedError

    def emit(self, type_):
        """The product's result, of this type."""
        self.epilogue.prepare()
        out = emit.empty(list(type_.shape), type_.element_type)
        count = len(bases(self.pixels, self.tile_pixels))
        out, _ = emit.loop(count, [out, self.scratch()], self._pixels)
        return out

    def element(self, place, reduction):
        """The activation at a pixel's place and the values of the reductions."""
        return emit.load(self.product.activation, *self.point(place, reduction))

    def point(self, place, reduction):
        """The coordinates of that activation."""
        dims = [None] * len(self.product.extents)
        for loop, value in {**place, **dict(zip(self.product.reductions, reduction))}.items():
            dims[loop] = value
        return emit.point(self.product.activation_map, dims)

    def starts(self, points):
        """What the sum of each point, of the first channel's pixels, of the next, …, begins with."""
        return [start for point in points[:: self.tile_pixels] for start in [self.epilogue.start(point)] * self.tile_pixels]

    def _pixels(self, number, out, scratch):
        first = base(number, self.pixels, self.tile_pixels)
        places = [self._coordinates(first, offset, self.product.pixels) for offset in range(self.tile_pixels)]
        scratch = self.gather(scratch, places)
        count = len(bases(self.channels, self.tile_channels))
        (out,) = emit.loop(count, [out], lambda tile, array: [self._channels(tile, array, scratch, places)])
        return [out, scratch]

    def _channels(self, tile, out, scratch, places):
        first = base(tile, self.channels, self.tile_channels)
        channels = [self._coordinates(first, offset, self.product.channels) for offset in range(self.tile_channels)]
        points = [
            [(channel | place)[e.position] for e in self.product.out_map.results] for channel in channels for place in places
        ]
        sums = self.sums(tile, scratch, self.starts(points))
        for value, point in zip(self.epilogue.apply(sums, points, len(places)), points):
            out = emit.store(value, out, *point)
        return out

    def _coordinates(self, first, offset, loops):
        """{loop: value} of the element number first + offset of these loops."""
        return dict(zip(loops, emit.split(emit.plus(first, offset), [self.product.extents[loop] for loop in loops])))


def replace(product, emitter):
    """Puts what emitter gives for the result's type in the place of a product with its epilogue."""
    result = product.result
    with dispatches.before(result):
        new = emitter(result.type)
    result.replace_all_uses_with(new)
    for op in filter(None, (product.epilogue, product.contraction)):
        op.erase()
