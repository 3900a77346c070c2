"""How a product is cut into tiles, and its activations gathered for each of them.

The last tile along an edge overlaps the one before it: no other code for what is left over. Where the output may lie
over an input, nothing is read again that was written: the last tile repeats its last pixel instead.
"""

from . import border, dispatches, emit, epilogue
from .by_rows import counted
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
    found = next((tile for tile in tiles if fits(product, factor_size, tile)), tiles[-1])
    size = _scratch(product, factor_size, found)
    if size > SCRATCH_MAXIMUM:
        raise NoMatch(f"its inputs would take {size} bytes of the stack")
    return found


def fits(product, factor_size, tile):
    """Whether the scratch array of a tile is small."""
    return _scratch(product, factor_size, tile) <= SCRATCH_LIMIT


def _scratch(product, factor_size, tile):
    return tile[0] * product.size(product.reductions) * factor_size


def name(product, tile):
    """Of a tile, for `forms`: as much of it as the product has."""
    pixels, channels = (min(pair) for pair in zip(tile, (product.size(product.pixels), product.size(product.channels))))
    return f"{pixels}x{channels}"


def is_a_row(product):
    """Whether there is one pixel, whose activations have one coordinate, and are all in memory: none need be gathered."""
    return product.size(product.pixels) == 1 and len(product.reductions) == 1 and not product.padding


class Loops:
    """The loops over tiles of pixels and channels that stand for a product.

    For every tile of pixels put() fills a scratch array; sums() adds up a tile of channels.
    tile_pixels, tile_channels: the extents of a tile. is_small: for `epilogue.Epilogue`.
    """

    weights = None  # packed, in place of the product's
    in_place = False  # whether the product's activation is the scratch array of its one pixel
    is_rolled = False  # whether a loop over the channels of a tile holds the epilogue
    has_lines = False  # whether lines() gives them
    behind = None  # where the lines of the channels lie whose sums were the last, line_words each, if they are among the weights
    line_words = 0

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        if product.groups:
            raise NoMatch("each channel has an input of its own")
        if not product.reductions or not product.channels:
            raise NoMatch("it has no sums or no channels")
        self.product, self.epilogue, self.is_small = product, epilogue.Epilogue(product, is_small), is_small
        self.pixels, self.channels = product.size(product.pixels), product.size(product.channels)
        self.tile_pixels, self.tile_channels = min(tile_pixels, self.pixels), min(tile_channels, self.channels)
        self.counts = [product.extents[r] for r in product.reductions]  # turns of each, to gather a pixel
        self.row = self.pixels  # how many pixels lie in a row that a tile does not leave
        self.counted = counted.find(product)
        self.total = None  # of pixels, as an index, where a call says how many they are

    @property
    def repeats(self):
        """Whether the last tile repeats its last pixel."""
        if self.counted and self.row == self.pixels:
            return self.pixels // self.counted.most % self.tile_pixels
        return self.pixels % self.tile_pixels and self.product.may_lie_over

    def arranged(self, weights):
        """The weights as an array [channel][first reduction][…]."""
        product = self.product
        order = [e.position for e in product.weights_map.results]
        array = weights.transpose([order.index(loop) for loop in [*product.channels, *product.reductions]])
        return array.reshape(self.channels, *(product.extents[r] for r in product.reductions))

    def scratch(self):
        """A new scratch array for the activations of a tile of pixels."""
        raise NotImplementedError

    def totals(self):
        """What is summed up of a pixel while it is gathered, as it begins: values that put() is given and gives back."""
        return []

    def put(self, at, scratch, *totals, number, place, load):
        """[scratch, *totals] with what the pixel number (an index) of the tile, at place, has at these turns of the reductions.

        load: gives the activation for a place and values of the reductions.
        """
        raise NotImplementedError

    def finish(self, scratch, *totals, number):
        """scratch with the totals of a pixel in it."""
        return scratch

    def _gather(self, scratch, first):
        """scratch with the activations of a tile of pixels, of which the first is given."""
        numbers = [emit.index(number) for number in range(self.tile_pixels)]
        places = [self.pixel(first, number) for number in range(self.tile_pixels)]
        count = len(self.totals())

        def body(at, array, *totals):
            made = []
            for pixel, (number, place) in enumerate(zip(numbers, places)):
                own = totals[pixel * count : (pixel + 1) * count]
                array, *own = self.put(at, array, *own, number=number, place=place, load=self.element)
                made += own
            return [array, *made]

        def inside(array):
            return self.gather(array, first) or each(array)

        def each(array):
            array, *totals = emit.nest(self.counts, [array, *(total for _ in numbers for total in self.totals())], body)
            for pixel, number in enumerate(numbers):
                array = self.finish(array, *totals[pixel * count : (pixel + 1) * count], number=number)
            return [array]

        return border.gather(self, scratch, first, places, inside)[0] if self.product.padding else inside(scratch)[0]

    def gather(self, scratch, first):
        """[scratch] with the activations of a tile of pixels, of which the first is given; None where each is gathered alone."""
        return [scratch] if self.in_place else None

    def sums(self, tile, scratch, starts):
        """The sums of a tile of channels, each from its start: for each channel, those of all pixels of the tile."""
        raise NotImplementedError

    def lines(self):
        """The words of the line of each channel whose sums were the last, for `epilogue.Epilogue`; None where it has them."""
        if self.behind is None:
            return None
        numbers = range(self.tile_channels) if self.has_lines else ()
        return [[emit.word_at(self.behind, 4 * (self.line_words * n + word)) for word in range(self.line_words)] for n in numbers]

    def emit(self, type_):
        """The product's result, of this type."""
        self.epilogue.prepare(self.has_lines)
        out = emit.empty(list(type_.shape), type_.element_type)
        out, _ = emit.loop(self._tiles(), [out, self.scratch()], self._pixels)
        return out

    def _tiles(self):
        """How many tiles of pixels there are: a number, or an index."""
        tiles = len(bases(self.row, self.tile_pixels))
        if not self.counted:
            return self.pixels // self.row * tiles
        rows, per_row = self.counted.rows(), self.pixels // self.counted.most
        self.total = emit.scaled(rows, per_row)
        if self.row == self.pixels:
            return emit.quotient(emit.plus(self.total, self.tile_pixels - 1), self.tile_pixels)
        return emit.scaled(rows, per_row // self.row * tiles)

    def position(self, place, reduction):
        """Where the activation is for a pixel's place and the values of the reductions; in the padding, outside of it."""
        dims = [None] * len(self.product.extents)
        for loop, value in {**place, **dict(zip(self.product.reductions, reduction))}.items():
            dims[loop] = value
        at = emit.point(self.product.activation_map, dims)
        return [emit.plus(i, -low) for i, low in zip(at, self.product.padding.low)] if self.product.padding else at

    def factor_in_place(self, factor):
        """Where the activation of a factor of the one pixel is."""
        return self.position(self.pixel(emit.index(0), 0), [factor])

    def element(self, place, reduction):
        """The activation there, which is not in the padding."""
        return emit.load(self.product.activation, *self.position(place, reduction))

    def starts(self, points):
        """What the sum of each point, of the first channel's pixels, of the next, …, begins with."""
        return [start for point in points[:: self.tile_pixels] for start in [self.epilogue.start(point)] * self.tile_pixels]

    def _pixels(self, number, out, scratch):
        first = self._first(number)
        places = [self.pixel(first, offset) for offset in range(self.tile_pixels)]
        scratch = self._gather(scratch, first)
        count = len(bases(self.channels, self.tile_channels))
        (out,) = emit.loop(count, [out], lambda tile, array: [self._channels(tile, array, scratch, places)])
        return [out, scratch]

    def _first(self, number):
        """The number of the first pixel of the number-th tile."""
        if self.repeats:
            return emit.scaled(number, self.tile_pixels)
        if self.row == self.pixels:
            return base(number, self.pixels, self.tile_pixels)
        row, number = emit.split(number, [self.pixels // self.row, len(bases(self.row, self.tile_pixels))])
        return emit.add(emit.scaled(row, self.row), base(number, self.row, self.tile_pixels))

    def _channels(self, tile, out, scratch, places):
        first = base(tile, self.channels, self.tile_channels)
        channels = [self._coordinates(first, offset, self.product.channels) for offset in range(self.tile_channels)]
        points = [
            [(channel | place)[e.position] for e in self.product.out_map.results] for channel in channels for place in places
        ]
        sums = self.sums(tile, scratch, self.starts(points))
        if self.is_rolled:
            return self._one_by_one(first, sums, out, places)
        for value, point in zip(self.epilogue.apply(sums, points, len(places), self.lines()), points):
            out = emit.store(value, out, *point)
        return out

    def _one_by_one(self, first, sums, out, places):
        """out with sums, one channel after the other: the epilogue's code is there once."""
        kept = emit.empty([len(sums)], sums[0].type)
        for number, value in enumerate(sums):
            kept = emit.store(value, kept, emit.index(number))

        def body(number, array):
            channel = self._coordinates(emit.add(first, number), 0, self.product.channels)
            points = [[(channel | place)[e.position] for e in self.product.out_map.results] for place in places]
            start = emit.scaled(number, len(places))
            own = [emit.load(kept, emit.plus(start, pixel)) for pixel in range(len(places))]
            for value, point in zip(self.epilogue.apply(own, points, len(places)), points):
                array = emit.store(value, array, *point)
            return [array]

        return emit.loop(len(sums) // len(places), [out], body, is_rolled=True)[0]

    def pixel(self, first, offset):
        """{loop: value} of the pixel number first + offset."""
        number = emit.plus(first, offset)
        if self.repeats:
            number = emit.least(number, emit.plus(self.total, -1) if self.total else emit.index(self.pixels - 1))
        return self._coordinates(number, 0, self.product.pixels)

    def _coordinates(self, first, offset, loops):
        """{loop: value} of the element number first + offset of these loops."""
        return dict(zip(loops, emit.split(emit.plus(first, offset), [self.product.extents[loop] for loop in loops])))


def replace(product, emitter):
    """Puts what emitter gives for the result's type in the place of a product with its epilogue."""
    result = product.result
    with dispatches.before(result):
        new = emitter(result.type)
    result.replace_all_uses_with(new)
    for op in filter(None, (product.epilogue, product.contraction, product.padding and product.padding.op)):
        op.erase()
