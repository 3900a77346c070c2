"""Gathering where the windows of neighbouring pixels overlap: what they share is loaded and joined once.

The pixels of a tile then have to lie in one row.
"""

from dataclasses import dataclass

from .. import depthwise, emit
from ..product import NoMatch


@dataclass(frozen=True)
class Columns:
    """tap: number of the reduction along a row of a window, of extent taps. width: of a row of pixels. stride: from one to the next."""

    tap: int
    taps: int
    width: int
    stride: int

    def count(self, pixels):
        """How many columns the windows of so many neighbours have."""
        return self.stride * (pixels - 1) + self.taps


def find(product, pixels, along):
    """The `Columns` of tiles of so many pixels, or None where they share none. along: number of the reduction that words lie along."""
    try:
        row, tap, dimension = depthwise.window(product)
    except NoMatch:
        return None
    width, number = product.extents[row], product.reductions.index(tap)
    found = Columns(number, product.extents[tap], width, depthwise.term(product.activation_map.results[dimension])[row])
    if row != product.pixels[-1] or number == along or not 1 < pixels <= width or found.stride >= found.taps:
        return None
    # Overlapping tiles would compute twice what may be computed once only.
    return None if width % pixels and product.may_lie_over else found


def gather(loops, columns, scratch, first):
    """[scratch] with the activations of a tile of pixels, none of which are padded.

    loops: `smlad.Loops`; first: number of the tile's first pixel.
    """
    place, pixels = loops.pixel(first, 0), loops.tile_pixels

    def at(turns, tap):
        return [*turns[: columns.tap], emit.index(tap), *turns[columns.tap :]]

    def body(turns, array, *before):
        totals = list(before)
        for column in range(columns.count(pixels)):
            pair = loops.pair(place, at(turns, column), loops.element)
            for pixel in range(pixels):
                tap = column - columns.stride * pixel
                if 0 <= tap < columns.taps:
                    array, totals[pixel] = loops.keep(at(turns, tap), array, totals[pixel], *pair, number=emit.index(pixel))
        return [array, *totals]

    counts = [count for number, count in enumerate(loops.counts) if number != columns.tap]
    scratch, *totals = emit.nest(counts, [scratch, *(total for _ in range(pixels) for total in loops.totals())], body)
    for pixel, total in enumerate(totals):
        scratch = loops.finish(scratch, total, number=emit.index(pixel))
    return [scratch]
