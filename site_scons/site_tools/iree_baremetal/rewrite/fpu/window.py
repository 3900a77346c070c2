"""The activations that a block of pixels along a row is computed from, copied to an array of their own.

There they are padded, where the padding is nowhere in memory; and the output may lie over what was copied.
"""

import math

from iree.compiler import ir

from .. import addresses, border, emit
from ..product import terms

LOAD = 4  # cycles to copy an element, about


class Window:
    """Of a product, for pixels neighbours along the loop row; shape: as many dimensions as the activations have.

    has_pixels_last: whether the dimension along the row is the innermost in the window, whatever it is of the activations.
    """

    def __init__(self, product, row, pixels, has_pixels_last=False):
        self.product, self.row, self.pixels = product, row, pixels
        turns = {loop: product.extents[loop] for loop in product.reductions} | {row: pixels}
        self.shape = [
            1 + sum(factor * (turns[loop] - 1) for loop, factor in terms(e) if loop in turns)
            for e in product.activation_map.results
        ]
        along = [n for n, e in enumerate(product.activation_map.results) if any(loop == row for loop, _ in terms(e))]
        self.order = sorted(range(len(self.shape)), key=lambda n: has_pixels_last and n in along)  # of dimensions in the window
        self.low = product.padding.low if product.padding else [0] * len(self.shape)

    @property
    def size(self):
        return math.prod(self.shape)

    @property
    def cycles(self):
        return LOAD * self.size + 20

    def stride(self, loop):
        """Elements of the window from one turn of loop to the next."""
        inner = addresses.strides([self.shape[n] for n in self.order])
        strides = [inner[self.order.index(n)] for n in range(len(self.shape))]
        return sum(
            factor * stride
            for expression, stride in zip(self.product.activation_map.results, strides)
            for own, factor in terms(expression)
            if own == loop
        )

    def empty(self):
        return emit.empty([self.size], self._element)

    @property
    def _element(self):
        return ir.RankedTensorType(self.product.activation.type).element_type

    def copy(self, place, window):
        """window with the activations for the place {loop: value} of its first pixel."""
        dims = [place.get(loop) or emit.index(0) for loop in range(len(self.product.extents))]
        origin = [emit.plus(at, -low) for at, low in zip(emit.point(self.product.activation_map, dims), self.low)]
        sizes = border.sizes_of(self.product)

        def inside(array):
            return emit.nest(self.shape, [array], lambda at, one: [self._put(at, one, self._load(map(emit.add, origin, at)))])

        def outside(array):
            return emit.nest(
                self.shape,
                [array],
                lambda at, one: [self._put(at, one, border.load(self.product, list(map(emit.add, origin, at)), sizes))],
            )

        if not sizes:
            return inside(window)[0]
        limits = {d: size - self.shape[d] + 1 for d, size in sizes.items()}
        if min(limits.values()) < 1:
            return outside(window)[0]
        return emit.when(border.below(origin, limits), [window], inside, outside)[0]

    def _put(self, at, window, value):
        return emit.store(value, window, emit.flat([at[n] for n in self.order], [self.shape[n] for n in self.order]))

    def _load(self, at):
        return emit.load(self.product.activation, *at)
