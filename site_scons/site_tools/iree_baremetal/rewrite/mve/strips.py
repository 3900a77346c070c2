"""int8 products by VMLAVA where a strip of activations, with the channels of a pixel side by side, is laid out first.

A strip is what some pixels of a row are computed from: [row of taps][part of the channels][pixel][channel]. The taps
along the row and the channels then are one run in memory: nothing is gathered for each pixel, and windows overlap.
"""

import dataclasses
import math

import numpy

from .. import addresses, tiling
from ..product import NoMatch, Product, terms
from . import copying, dots

LANES = dots.LANES
COPY, ROW = 0.6, 20  # instructions to copy an activation, and a row of taps, about
SMALL = 2048  # bytes of a strip that is a part of a row, if it can be
MULTIPLE = 6  # of pixels in a strip that is a part of a row


@dataclasses.dataclass(frozen=True)
class Strip:
    """How a strip lies. Loops are numbers of the product's iteration space.

    row: along the pixels; tap: along the taps of a row of a window, or None. rows: loops over such rows of taps; inner: over
    channels. stride: activations from a pixel to the next; distance and step: bytes between
    neighbours along the row, and between channels, where they come from. pixels: of a strip. part: how many channels lie side by side.
    """

    product: Product
    row: int
    tap: int | None
    rows: tuple
    inner: tuple
    stride: int
    distance: int
    step: int
    pixels: int
    part: int

    @property
    def copy(self):
        return copying.choose(self.channels, self.step, self.distance, self.part)

    @property
    def taps(self):
        return self.product.extents[self.tap] if self.tap is not None else 1

    @property
    def channels(self):
        return self.product.size(self.inner)

    @property
    def parts(self):
        return -(-self.channels // self.part)

    @property
    def turns(self):
        return self.product.size(self.rows) * self.parts

    @property
    def vectors(self):
        return -(-self.taps * self.part // LANES)

    @property
    def length(self):
        """Activations along the row."""
        return self.stride * (self.pixels - 1) + self.taps

    @property
    def pitch(self):
        """Bytes of a part of a row."""
        return -(-self.length * self.part // 4) * 4

    @property
    def size(self):
        """Bytes; a block may read beyond the last pixel."""
        return self.turns * self.pitch + (len(dots.SUMS) - 1) * self.stride * self.part + LANES

    def block(self, pixels, channels):
        return dots.Block(pixels, channels, self.vectors, self.turns, self.stride * self.part, self.pitch)

    def pack(self, weights):
        """[channel][turn][vector][lane] of weights [channel][row of taps][tap][channel of the inputs]."""
        count = len(weights)
        weights = weights.reshape(count, -1, self.taps, self.channels)
        weights = numpy.pad(weights, [(0, 0)] * 3 + [(0, self.parts * self.part - self.channels)])
        weights = weights.reshape(count, -1, self.taps, self.parts, self.part).transpose(0, 1, 3, 2, 4)
        weights = weights.reshape(count, self.turns, -1)
        return numpy.pad(weights, [(0, 0)] * 2 + [(0, self.vectors * LANES - weights.shape[2])])


def find(product, extents):
    """All (`Strip`, (pixels, channels) of its blocks) that fit, of extents; raises `NoMatch` where there is none."""
    if product.groups or not product.channels or product.size(product.pixels) == 1:
        raise NoMatch("no pixels share its weights")
    memory = Memory(product)
    choices = [
        (strip, tile)
        for row in product.pixels
        for strip in _along(product, memory, row)
        for tile in extents
        if tile[0] <= strip.pixels
        and tile[1] <= product.size(product.channels)
        and strip.block(*tile).fits
        and not (product.added and product.size(product.channels) % tile[1])
    ]
    if not choices:
        raise NoMatch("its inputs do not lie in rows")
    return choices


def of_channels(product):
    """The `Strip` along a row that has all channels of a depthwise product side by side; raises `NoMatch`."""
    memory = Memory(product)
    for row in product.pixels:
        for strip in _along(product, memory, row, product.groups):
            if strip.part == strip.channels and strip.step == 1:
                return strip
    raise NoMatch("its channels do not lie side by side")


def cycles(strip, tile):
    """Instructions of a whole product, about."""
    product = strip.product
    rows = product.size(product.pixels) // product.extents[strip.row]
    count = math.ceil(product.extents[strip.row] / strip.pixels)
    tiles = math.ceil(strip.pixels / tile[0]) * len(tiling.bases(product.size(product.channels), tile[1]))
    copied = strip.length * strip.channels * product.size(strip.rows) * COPY + ROW * strip.turns
    return rows * count * (tiles * strip.block(*tile).cycles + copied)


class Memory:
    """Where the activations lie. strides: bytes from those of one turn of each loop to the next; start: before the first."""

    def __init__(self, product):
        self.product = product
        self.strides, self.start = addresses.distances(product)
        self.expressions = [dict(terms(e)) for e in product.activation_map.results]

    def dimension(self, loop):
        """The dimension of the activations that loop walks through; raises `NoMatch`."""
        found = [n for n, expression in enumerate(self.expressions) if loop in expression]
        if len(found) != 1:
            raise NoMatch("a loop walks through several dimensions")
        return found[0]


def _along(product, memory, row, groups=()):
    """All strips along row that can be copied, and fit. groups: loops whose turns have an input of their own."""
    dimension = memory.dimension(row)
    own = memory.expressions[dimension]
    taps = [loop for loop in own if loop in product.reductions]
    moving = {memory.dimension(loop) for loop in product.pixels}
    rows = tuple(loop for loop in product.reductions if loop not in taps and memory.dimension(loop) in moving)
    inner = (*groups, *(loop for loop in product.reductions if loop not in (*taps, *rows)))
    padded = {*product.padded}
    walked = {memory.dimension(loop) for loop in (*taps, *rows)}
    if len(taps) > 1 or len(own) > 1 + len(taps) or len(inner) > 1 or not padded <= walked or taps and own[taps[0]] != 1:
        return
    tap, stride, distance = (taps[0], own[row], memory.strides[taps[0]]) if taps else (None, 1, memory.strides[row])
    step = memory.strides[inner[0]] if inner else 1
    for part in sorted({product.size(inner), LANES}):
        made = Strip(product, row, tap, rows, inner, stride, distance, step, product.extents[row], part)
        if dimension not in padded:
            made = dataclasses.replace(made, pixels=_pixels(made))
        if made.copy and made.size <= (tiling.SCRATCH_LIMIT if dimension in padded else tiling.SCRATCH_MAXIMUM):
            yield made


def _pixels(strip):
    """How many pixels of a row a strip has: all, or so many that it is small and few are computed twice."""
    extent = strip.product.extents[strip.row]
    each = strip.turns * strip.part
    most = max(MULTIPLE, (SMALL - each * strip.taps) // (each * strip.stride))
    if most >= extent:
        return extent
    each = math.ceil(extent / math.ceil(extent / (most // MULTIPLE * MULTIPLE)))
    each = math.ceil(each / MULTIPLE) * MULTIPLE
    while each > MULTIPLE and 0 < extent % each < MULTIPLE // 2:  # a tile of pixels has to fit
        each -= MULTIPLE
    return each
