"""The loops of a product whose activations are laid out in strips: for each strip tiles of channels and pixels, by blocks of `dots`."""

import math

import numpy

from . import addresses, border, copying, emit, strips, tiling


class Loops(tiling.Loops):
    """Where the epilogue reads a tensor that the output may lie over, no pixel is stored twice: the last tile of a strip
    has pixels beyond it, which are stored first, in the place of its last one."""

    has_lines = True

    def __init__(self, product, strip, tile):
        super().__init__(product, *tile)
        self.strip, self.memory = strip, strips.Memory(product)
        self.block = strip.block(self.tile_pixels, self.tile_channels)
        self.outer = [loop for loop in product.pixels if loop != strip.row]
        self.extent = product.extents[strip.row]
        self.has_lines = self.epilogue.requantization is not None
        rest = self.extent % strip.pixels or strip.pixels
        self.repeated = bool(product.added) and bool(rest % self.tile_pixels or strip.pixels % self.tile_pixels)
        self.repeated |= rest < self.tile_pixels

    def pack(self, weights):
        """The weights for each tile of channels: [channel], what its sums begin with; as `dots.Block` takes them; and where
        they have lines [channel][…], what these consist of."""
        product, strip = self.product, self.strip
        order = [e.position for e in product.weights_map.results]
        loops = [*product.channels, *strip.rows, *([strip.tap] if strip.tap is not None else []), *strip.inner]
        vectors = strip.pack(weights.transpose([order.index(loop) for loop in loops]).reshape(self.channels, -1))
        lines = self.epilogue.lines() if self.has_lines else numpy.zeros([self.channels, 1], numpy.int32)
        self.line_words = lines.shape[1] - 1
        words = numpy.ascontiguousarray(vectors).view("<i4").reshape(self.channels, strip.turns, strip.vectors, -1)
        parts = [slice(first, first + self.tile_channels) for first in tiling.bases(self.channels, self.tile_channels)]
        rows = [(lines[p, 0], words[p].transpose(1, 2, 0, 3), lines[p, 1:]) for p in parts]
        return numpy.concatenate([array.reshape(-1) for row in rows for array in row]).astype(numpy.int32)

    def emit(self, type_):
        product, strip = self.product, self.strip
        self.epilogue.prepare(self.has_lines)
        self.place = addresses.of(self.weights)
        self.source = emit.advance(addresses.of(addresses.whole(product.activation)), self._start())
        self.laid_out = emit.address(emit.empty([math.ceil(strip.size / 4)], emit.i32()))
        if self._is_padded:
            self._fill(self.laid_out, strip.turns * strip.pitch)
        out = emit.empty(list(type_.shape), type_.element_type)
        count = math.ceil(self.extent / strip.pixels)

        def body(at, array):
            place = dict(zip(self.outer, at))
            first = emit.scaled(at[-1], strip.pixels)
            left = emit.plus(emit.scaled(first, -1), self.extent)
            length = emit.least(left, emit.index(strip.pixels)) if self.extent % strip.pixels else emit.index(strip.pixels)
            self._copy(place, first, length)
            return [self._strip(place, first, length, array)]

        return emit.nest([*(product.extents[loop] for loop in self.outer), count], [out], body)[0]

    @property
    def _dimension(self):
        return self.memory.dimension(self.strip.row)

    @property
    def _is_padded(self):
        """Whether rows are."""
        return self._dimension in self.product.padded

    def _start(self):
        """Bytes from the activations' address to those that the first window would begin with, were rows not padded."""
        product, memory = self.product, self.memory
        result = memory.start
        for dimension in product.padded:
            if dimension != self._dimension:
                loop = next(loop for loop in memory.expressions[dimension] if loop in product.reductions)
                result -= product.padding.low[dimension] * memory.strides[loop] // memory.expressions[dimension][loop]
        return result

    def _fill(self, place, count):
        value = self.product.padding.value
        emit.assembly(*copying.filling(), ["i32"] * 3, [place, emit.word(count), emit.word(value)])

    def _copy(self, place, first, length):
        """Lays out the strip of length pixels from the one numbered first, at place."""
        strip, product, memory = self.strip, self.product, self.memory
        source = self.source
        for loop, number in [*place.items(), (strip.row, first)]:
            source = emit.advance_by(source, emit.scaled(number, memory.strides[loop]))
        if self._is_padded:
            low = product.padding.low[self._dimension]
            count = emit.index(min(product.activation.type.shape[self._dimension], strip.length - low))
        else:
            low, count = 0, emit.plus(emit.scaled(length, strip.stride), strip.taps - strip.stride)
        extents = [product.extents[loop] for loop in strip.rows]

        def row(at):
            number = emit.flat(at, extents) if at else emit.index(0)
            target = emit.advance_by(self.laid_out, emit.scaled(number, strip.parts * strip.pitch))
            start = source
            for loop, i in zip(strip.rows, at):
                start = emit.advance_by(start, emit.scaled(i, memory.strides[loop]))
            known = place | dict(zip(strip.rows, at))

            def inside():
                self._copy_row(start, emit.advance(target, low * strip.part), count)
                return []

            def outside():
                self._fill(target, strip.parts * strip.pitch)
                return []

            limits = {d: size for d, size in border.sizes_of(product).items() if d != self._dimension}
            if limits:
                position = {d: self._at(d, known) for d in limits}
                emit.when(border.below(position, limits), [], inside, outside)
            else:
                inside()
            return []

        emit.nest(extents, [], row)

    def _at(self, dimension, known):
        """The coordinate there, negative or too large in the padding."""
        parts = [
            emit.scaled(known[loop], factor) for loop, factor in self.memory.expressions[dimension].items() if loop is not None
        ]
        constant = self.memory.expressions[dimension].get(None, 0)
        return emit.plus(emit.total(parts), constant - self.product.padding.low[dimension])

    def _copy_row(self, source, target, count):
        strip = self.strip
        count = emit.as_word(emit.scaled(count, strip.copy.unit))
        whole, rest = divmod(strip.channels, strip.part)

        def part(number, channels):
            start = emit.advance_by(source, emit.scaled(number, strip.part * strip.step))
            end = emit.advance_by(target, emit.scaled(number, strip.pitch))
            emit.assembly(*strip.copy.of(channels), ["i32"] * 3, [start, end, count])
            return []

        emit.nest([whole] if whole else [], [], lambda at: part(at[0], strip.part) if at else [])
        if rest:
            part(emit.index(whole), rest)

    def _strip(self, place, first, length, out):
        """out with the pixels of a strip."""
        channels = len(tiling.bases(self.channels, self.tile_channels))
        tiles = math.ceil(self.strip.pixels / self.tile_pixels)
        if self.extent % self.strip.pixels:
            tiles = emit.quotient(emit.plus(length, self.tile_pixels - 1), self.tile_pixels)

        def body(tile, array):
            return emit.loop(tiles, [array], lambda number, now: [self._tile(tile, number, place, first, length, now)])

        return emit.loop(channels, [out], body)[0]

    def _tile(self, tile, number, place, first, length, out):
        """out with a tile of channels and pixels."""
        start = emit.scaled(number, self.tile_pixels)
        if not self.repeated and (self.strip.pixels % self.tile_pixels or self.extent % self.strip.pixels):
            start = emit.least(start, emit.plus(length, -self.tile_pixels))
        numbers = [emit.plus(start, n) for n in range(self.tile_pixels)]
        if self.repeated:
            numbers = [numbers[0], *(emit.least(n, emit.plus(length, -1)) for n in numbers[1:])]
        places = [place | {self.strip.row: emit.add(first, n)} for n in numbers]
        base = tiling.base(tile, self.channels, self.tile_channels)
        channels = [self._coordinates(base, offset, self.product.channels) for offset in range(self.tile_channels)]
        points = [
            [(channel | place)[e.position] for e in self.product.out_map.results] for channel in channels for place in places
        ]
        size = 4 * (1 + self.line_words) * self.tile_channels + 16 * self.strip.turns * self.strip.vectors * self.tile_channels
        operands = [
            emit.advance_by(self.laid_out, emit.scaled(start, self.strip.stride * self.strip.part)),
            emit.advance_by(self.place, emit.scaled(tile, size)),
        ]
        *sums, _, self.behind = emit.assembly(*self.block.text(), ["i32"] * (self.block.sums + 2), operands)
        values = self.epilogue.apply(sums, points, len(places), self.lines())
        for value, point in reversed(list(zip(values, points))):
            out = emit.store(value, out, *point)
        return out

    def lines(self):
        numbers = range(self.tile_channels) if self.has_lines else ()
        return [[emit.word_at(self.behind, 4 * (self.line_words * n + word)) for word in range(self.line_words)] for n in numbers]
