"""Fills strips (`strips`) with activations, row by row of taps, with the padding around them."""

import math

from .. import addresses, border, emit
from . import copying, strips


class Filler:
    """A strip on the stack. address: of it, as a word."""

    def __init__(self, strip):
        self.strip, self.product, self.memory = strip, strip.product, strips.Memory(strip.product)

    def prepare(self):
        """Makes the strip, at the current insertion point."""
        self.source = emit.advance(addresses.of(addresses.whole(self.product.activation)), self._start())
        self.address = emit.address(emit.empty([math.ceil(self.strip.size / 4)], emit.i32()))
        if self._is_padded:
            self._fill(self.address, self.strip.turns * self.strip.pitch)

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

    def copy(self, place, first, length):
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

        def row(number):
            at = emit.split(number, extents)
            target = emit.advance_by(self.address, emit.scaled(number, strip.parts * strip.pitch))
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

        emit.loop(math.prod(extents), [], row, is_rolled=True)

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

        if whole:
            emit.loop(whole, [], lambda number: part(number, strip.part), is_rolled=True)
        if rest:
            part(emit.index(whole), rest)
