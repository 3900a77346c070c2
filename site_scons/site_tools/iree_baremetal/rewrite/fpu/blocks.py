"""Products of floats in blocks of pixels and channels, on Arm cores with an FPU.

Inputs stay where they are, but for those that are padded, and those that the output may lie over (`window`). Weights
are repacked beforehand in the order in which they are used. The innermost loops are assembly (`vfp`). Where blocks do not fill a row, the last one overlaps the one before it. Code costs, too:
of the products of a model, those that take the most time get the largest blocks.
"""

import contextlib
import itertools
import math

import numpy

from .. import addresses, axes, emit, epilogue, product, tiling
from ..by_rows import counted
from ..product import NoMatch, terms
from . import vfp, window

BYTES = 9500  # of code that may be spent on halving the time of an average product
UNROLLED = (1, 2, 3, 4)
EXTENTS = range(1, 9)  # of a block, to be tried
LARGEST = 5 << 10  # bytes on the stack of a copied window
WASTE = 1.1  # how much larger weights may get where the last block of channels overlaps


def rewrite(found, fused, share=1):
    """Replaces a product by loops over blocks; raises `NoMatch`.

    fused: whether VFMA is quick, as on Cortex-M7, which issues a load beside it. share: of the model's time, the work of
    an average product being 1.
    """
    if found.groups:
        raise NoMatch("each channel has an input of its own")
    if not found.reductions or not found.channels:
        raise NoMatch("it has no sums or no channels")
    if fused and found.size(found.pixels) == 1:
        raise NoMatch("each weight is used once, and the core loads while it multiplies")
    loops = _Loops(found, fused, share)
    loops.weights = found.weights.replace(loops.pack)
    tiling.replace(found, loops.emit)


def work(found):
    """Multiply-accumulates of a product in an inference, at all sites of its dispatch."""
    return math.prod(found.extents) * max(1, len(found.dispatch.sites))


def average(found):
    """The work of an average product of floats among dispatches, 1 where there is none."""
    works = []
    for dispatch in found:
        with contextlib.suppress(NoMatch):
            works.append(work(product.find(dispatch, element="f32", takes_padding=True)))
    return sum(works) / len(works) if works else 1


class _Loops:
    weights = None  # packed, in place of the product's

    def __init__(self, product, fused, share):
        self.product, self.epilogue, self.counted = product, epilogue.Epilogue(product), counted.find(product)
        strides, self.start = addresses.distances(product)
        self.channels = product.size(product.channels)
        reductions = axes.of(product, product.reductions, strides)
        product.reductions = [axis.loops[0] for axis in reductions]  # the order of weights
        pixels = axes.of(product, product.pixels, strides)
        if product.padding and not product.pixels:
            raise NoMatch("its one window is padded")
        choices: list[tuple]
        if _is_copied(product):
            choices = [
                (block, pixels[:-1], row, copied)
                for copied in self._windows(pixels[-1])
                for row in [axes.Axis([copied.row], pixels[-1].extent, copied.stride(copied.row))]
                for block in self._blocks(row, fused, _in_window(reductions, copied), [copied.pixels])
            ]
        else:
            choices = [
                (block, outer, row, None)
                for *outer, row in (pixels, axes.merged(pixels))
                for block in self._blocks(row, fused, axes.merged(reductions), EXTENTS)
            ]
        choices = [choice for choice in choices if not choice[3] or 4 * choice[3].size <= LARGEST]
        if product.may_lie_over:  # what is computed twice would be read when the output may lie over it
            once = [c for c in choices if c[2].extent % c[0].pixels == 0 and self.channels % c[0].channels == 0]
            choices = once or choices
        choices = [choice for choice in choices if self._fills_rows(choice[0], choice[2])]
        if not choices:
            raise NoMatch("its sums do not fit into registers")
        least = min(self._cycles(*choice) for choice in choices)
        self.block, self.outer, self.row, self.window = product.dispatch.form.best(
            choices,
            lambda choice: share * self._cycles(*choice) / least + choice[0].bytes / BYTES,
            lambda choice: f"{choice[0].pixels}x{choice[0].channels}",
            lambda choice: self._cycles(*choice),
        )

    def _windows(self, row):
        """Those that blocks of pixels along row could be computed from."""
        for pixels in (n for n in EXTENTS if n <= row.extent):
            for has_pixels_last in (False, True):
                found = window.Window(self.product, row.loops[0], pixels, has_pixels_last)
                if not has_pixels_last or found.order != sorted(found.order):
                    yield found

    def _fills_rows(self, block, row):
        """Whether blocks of pixels along row fill what each row of a layer by rows has of them, if rows are counted along it."""
        along = self.counted and self.counted.loop in row.loops
        return not along or row.extent // self.counted.most % block.pixels == 0

    def _turns(self, axis, of_row=1):
        """Of an axis, in steps of of_row: a number, or an index."""
        if not self.counted or self.counted.loop not in axis.loops:
            return len(tiling.bases(axis.extent, of_row))
        return emit.scaled(self.counted.rows(), axis.extent // self.counted.most // of_row)

    def _blocks(self, row, fused, reductions, extents):
        """The blocks that fit, for pixels along row; extents: how many pixels to try."""
        *outer, last = reductions
        for taps in (n for n in EXTENTS if last.extent % n == 0 and (n == 1 or last.stride == 1)):
            whole = taps == last.extent
            rest = [*outer, *([] if whole else [axes.Axis(last.loops, last.extent // taps, last.stride * taps)])]
            loops = tuple((axis.extent, axis.stride) for axis in rest) or ((1, taps),)
            for pixels in (n for n in extents if n <= row.extent):
                for channels in (
                    n for n in EXTENTS if len(tiling.bases(self.channels, n)) * n <= WASTE * self.channels or n == 1
                ):
                    for stride, unroll in itertools.product({1: [1]}.get(pixels, [0, row.stride]), UNROLLED):
                        block = vfp.Block(pixels, channels, taps, stride, loops, fused, unroll)
                        if block.fits:
                            yield block

    def _cycles(self, block, outer, row, copied):
        count = math.prod(axis.extent for axis in outer) * len(tiling.bases(row.extent, block.pixels))
        return count * (len(tiling.bases(self.channels, block.channels)) * block.cycles + (copied.cycles if copied else 0))

    def pack(self, weights):
        """The weights as [block of channels][factor][channel]."""
        product, size = self.product, self.block.channels
        order = [e.position for e in product.weights_map.results]
        array = weights.transpose([order.index(loop) for loop in [*product.channels, *product.reductions]]).reshape(
            self.channels, -1
        )
        blocks = [array[first : first + size].T for first in tiling.bases(self.channels, size)]
        return numpy.ascontiguousarray(blocks).reshape(-1)

    def emit(self, type_):
        out = emit.empty(list(type_.shape), type_.element_type)
        inputs = None if self.window else emit.advance(addresses.of(addresses.whole(self.product.activation)), 4 * self.start)
        weights = addresses.of(self.weights)
        turns = [self._turns(axis) for axis in self.outer] + [self._turns(self.row, self.block.pixels)]

        def body(at, array, *copied):
            first = tiling.base(at[-1], self.row.extent, self.block.pixels)
            place = emit.total([emit.scaled(i, axis.stride) for i, axis in zip([*at[:-1], first], [*self.outer, self.row])])
            outer = [coordinate for i, axis in zip(at, self.outer) for coordinate in self._coordinates(axis.loops, i)]
            places = [dict([*outer, *self._coordinates(self.row.loops, emit.plus(first, n))]) for n in range(self.block.pixels)]
            if copied:
                window = self.window.copy(places[0], *copied)
                return [self._channels(emit.address(window), weights, places, array), window]
            return [self._channels(emit.advance_by(inputs, emit.scaled(place, 4)), weights, places, array)]

        copied = [self.window.empty()] if self.window else []
        return emit.nest(turns, [out, *copied], body)[0]

    def _channels(self, inputs, weights, places, out):
        """out with all channels of a block of pixels."""
        block = self.block
        pointers = [emit.advance(inputs, 4 * self.row.stride * n) for n in range(block.pointers)]
        size = 4 * block.channels * self.product.size(self.product.reductions)

        def body(number, array):
            operands = [*pointers, emit.advance_by(weights, emit.scaled(number, size))]
            types = ["f32"] * block.sums + ["i32"] * (len(operands) + len(block.loops))
            first = tiling.base(number, self.channels, block.channels)
            channels = [dict(self._coordinates(self.product.channels, emit.plus(first, n))) for n in range(block.channels)]
            points = [[(c | p)[e.position] for e in self.product.out_map.results] for c in channels for p in places]
            sums = emit.assembly(*block.text(), types, operands)[: block.sums]
            for value, point in zip(self.epilogue.apply(sums, points, len(places)), points):
                array = emit.store(value, array, *point)
            return [array]

        return emit.loop(len(tiling.bases(self.channels, block.channels)), [out], body, is_rolled=True)[0]

    def _coordinates(self, loops, number):
        """(loop, value) of each of loops, of their number-th turn."""
        return list(zip(loops, emit.split(number, [self.product.extents[loop] for loop in loops])))


def _is_copied(product):
    """Whether a block's inputs are copied first: they are padded, or the output, computed by channels, may lie over them."""
    if product.padding:
        return True
    factors = [factor for e in product.activation_map.results for loop, factor in terms(e) if loop in product.pixels]
    return product.is_pointwise and product.size(product.pixels) > 1 and set(factors) == {1}


def _in_window(reductions, copied):
    """The axes of reductions, as they lie in a window."""
    return axes.merged([axes.Axis(axis.loops, axis.extent, copied.stride(axis.loops[0])) for axis in reductions])
