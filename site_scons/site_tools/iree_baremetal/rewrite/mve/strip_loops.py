"""The loops of a product whose activations are laid out in strips: for each strip tiles of channels and pixels, by blocks of `dots`."""

import math
from typing import Any

import numpy
from iree.compiler import ir

from .. import addresses, dispatches, emit, tiling
from ..product import indexing_maps
from . import filler, sweep


class Loops(tiling.Loops):
    """Where the epilogue reads a tensor that the output may lie over, no pixel is stored twice: the last tile of a strip
    has pixels beyond it, which are stored first, in the place of its last one."""

    def __init__(self, product, strip, tile):
        super().__init__(product, *tile)
        self.strip, self.filler = strip, filler.Filler(strip)
        self.block = strip.block(self.tile_pixels, self.tile_channels)
        self.outer = [loop for loop in product.pixels if loop != strip.row]
        self.extent = product.extents[strip.row]
        self.has_lines = self.epilogue.requantization is not None
        rest = self.extent % strip.pixels or strip.pixels
        self.sweep: Any = None if rest < self.tile_pixels else self._sweep()
        self.repeated = bool(product.added) and bool(rest % self.tile_pixels or strip.pixels % self.tile_pixels)
        self.repeated |= rest < self.tile_pixels

    def _sweep(self):
        """The `sweep.Sweep` that does all of a tile of pixels; None where that is no loop over channels, or not just lines."""
        product, made, residual = self.product, self.epilogue.requantization, self.epilogue.residual
        if not made or not made.is_whole or not (made.is_last or residual) or len(product.channels) != 1:
            return None
        if len(product.added) != bool(residual) or not addresses.is_stored_whole(product.result):
            return None
        if residual and not self._lies_like_output(product.added[0]):
            return None
        strides = addresses.strides(ir.RankedTensorType(product.result.type).shape)
        self.output_strides = {e.position: stride for e, stride in zip(product.out_map.results, strides)}
        plane = residual[1] if residual else None
        finish = sweep.Finish(
            made.WORDS if made.WORDS == 2 else 4, made.shift, made.least, made.greatest, bool(made.exceptions.length), plane
        )
        found = sweep.Sweep(self.block, finish, self.output_strides[self.strip.row], self.output_strides[product.channels[0]])
        return found if found.fits else None

    def _lies_like_output(self, tensor):
        op = self.epilogue.op
        maps = indexing_maps(op)
        load = dispatches.defining(tensor)
        is_loaded = load is not None and load.name == "iree_tensor_ext.dispatch.tensor.load" and len(load.operands) == 1
        return is_loaded and maps[list(op.operands).index(tensor)] == maps[-1] and addresses.whole(tensor) == tensor

    def pack(self, weights):
        """The weights for each tile of channels: [channel], what its sums begin with; as `dots.Block` takes them; and where
        they have lines [channel][…], what these consist of."""
        product, strip = self.product, self.strip
        order = [e.position for e in product.weights_map.results]
        loops = [*product.channels, *strip.rows, *([strip.tap] if strip.tap is not None else []), *strip.inner]
        vectors = strip.pack(weights.transpose([order.index(loop) for loop in loops]).reshape(self.channels, -1))
        if self.sweep:
            lines = self.epilogue.requantization.plain_lines()
        else:
            lines = self.epilogue.lines() if self.has_lines else numpy.zeros([self.channels, 1], numpy.int32)
        self.line_words = lines.shape[1] - 1
        words = numpy.ascontiguousarray(vectors).view("<i4").reshape(self.channels, strip.turns, strip.vectors, -1)
        parts = [slice(first, first + self.tile_channels) for first in tiling.bases(self.channels, self.tile_channels)]
        rows = [[lines[p, 0], words[p].transpose(1, 2, 0, 3), lines[p, 1:]] for p in parts]
        if self.sweep:
            self._add_to(rows, parts)
        self.record = sum(array.size for array in rows[0][: 4 if self.sweep else 3])
        return numpy.concatenate([array.reshape(-1) for row in rows for array in row]).astype(numpy.int32)

    def _add_to(self, rows, parts):
        """Adds to what each tile of channels has what `sweep.Sweep` takes besides, and all exceptions behind the last."""
        finish, table = self.sweep.finish, self.epilogue.requantization.exceptions
        plane = numpy.array(finish.plane[:3] if finish.plane else [])
        behind = []
        for number, (row, part) in enumerate(zip(rows, parts)):
            row.append(plane)
            if not finish.exceptions:
                continue
            row[2] = numpy.concatenate([[0], row[2].reshape(-1)])
            if table.numbers[part].any():
                after = sum(array.size for array in row) - 1 - row[0].size - row[1].size
                left = after + (len(rows) - 1 - number) * (sum(array.size for array in row))
                row[2][0] = 4 * (left + sum(array.size for array in behind))
                own = table.by_channel()[: table.counts[part].max(), part]
                behind.append(numpy.concatenate([[len(own)], own.reshape(-1)]))
        rows[-1].extend(behind)

    def emit(self, type_):
        product, strip = self.product, self.strip
        self.epilogue.prepare(self.has_lines)
        self.place = addresses.of(self.weights)
        self.filler.prepare()
        out = emit.empty(list(type_.shape), type_.element_type)
        if self.sweep:
            self.target = addresses.of_output(out)
            self.other = emit.minus(addresses.of(product.added[0]), self.target) if self.sweep.finish.plane else emit.word(0)
        count = math.ceil(self.extent / strip.pixels)

        def body(at, array):
            place = dict(zip(self.outer, at))
            first = emit.scaled(at[-1], strip.pixels)
            left = emit.plus(emit.scaled(first, -1), self.extent)
            length = emit.least(left, emit.index(strip.pixels)) if self.extent % strip.pixels else emit.index(strip.pixels)
            self.filler.copy(place, first, length)
            return [self._strip(place, first, length, array)]

        return emit.nest([*(product.extents[loop] for loop in self.outer), count], [out], body)[0]

    def _strip(self, place, first, length, out):
        """out with the pixels of a strip."""
        channels = len(tiling.bases(self.channels, self.tile_channels))
        tiles = math.ceil(self.strip.pixels / self.tile_pixels)
        if self.extent % self.strip.pixels:
            tiles = emit.quotient(emit.plus(length, self.tile_pixels - 1), self.tile_pixels)

        if self.sweep:
            swept = lambda number, array: [self._swept(number, place, first, length, array)]  # noqa: E731
            return emit.loop(tiles, [out], swept, is_rolled=True)[0]

        def body(tile, array):
            return emit.loop(tiles, [array], lambda number, now: [self._tile(tile, number, place, first, length, now)])

        return emit.loop(channels, [out], body)[0]

    def _swept(self, number, place, first, length, out):
        """out with all channels of a tile of pixels. Assembly stores them; that one is stored again tells MLIR that it does."""
        strip, product = self.strip, self.product
        start = self._begin(number, length)
        place = place | {strip.row: emit.add(first, start)}
        target = self.target
        for loop, at in place.items():
            target = emit.advance_by(target, emit.scaled(at, self.output_strides[loop]))
        source = emit.advance_by(self.filler.address, emit.scaled(start, strip.stride * strip.part))
        tiles = len(tiling.bases(self.channels, self.tile_channels))
        whole = self.channels // self.tile_channels
        weights = self.place
        # Where tiles do not fill all channels, the last overlaps the one before it.
        for count, last in [(whole, whole * self.tile_channels), *([(1, self.channels)] if tiles > whole else [])]:
            if last == self.channels and tiles > whole:
                weights = emit.advance(self.place, 4 * self.record * whole)
            at = emit.advance(target, (last - count * self.tile_channels) * self.sweep.channel)
            operands = [source, weights, at, emit.word(count), self.other]
            value, *_ = emit.assembly(*self.sweep.text(), ["i32"] * 6, operands)
            known = place | {
                strip.row: emit.plus(place[strip.row], self.tile_pixels - 1),
                product.channels[0]: emit.index(last - 1),
            }
            out = emit.store(emit.narrowed(value), out, *(known[e.position] for e in product.out_map.results))
        return out

    def _begin(self, number, length):
        """The number-th tile's first pixel in its strip."""
        start = emit.scaled(number, self.tile_pixels)
        if self.strip.pixels % self.tile_pixels or self.extent % self.strip.pixels:
            start = emit.least(start, emit.plus(length, -self.tile_pixels))
        return start

    def _tile(self, tile, number, place, first, length, out):
        """out with a tile of channels and pixels."""
        start = emit.scaled(number, self.tile_pixels) if self.repeated else self._begin(number, length)
        numbers = [emit.plus(start, n) for n in range(self.tile_pixels)]
        if self.repeated:
            numbers = [numbers[0], *(emit.least(n, emit.plus(length, -1)) for n in numbers[1:])]
        places = [place | {self.strip.row: emit.add(first, n)} for n in numbers]
        base = tiling.base(tile, self.channels, self.tile_channels)
        channels = [self._coordinates(base, offset, self.product.channels) for offset in range(self.tile_channels)]
        points = [
            [(channel | place)[e.position] for e in self.product.out_map.results] for channel in channels for place in places
        ]
        size = 4 * self.record
        operands = [
            emit.advance_by(self.filler.address, emit.scaled(start, self.strip.stride * self.strip.part)),
            emit.advance_by(self.place, emit.scaled(tile, size)),
        ]
        *sums, _, self.behind = emit.assembly(*self.block.text(), ["i32"] * (self.block.sums + 2), operands)
        values = self.epilogue.apply(sums, points, len(places), self.lines())
        for value, point in reversed(list(zip(values, points))):
            out = emit.store(value, out, *point)
        return out
