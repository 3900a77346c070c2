"""Weights as words, between what the sums of their channels begin with and what their lines consist of."""

import numpy

from .. import addresses, emit, tiling


class Loops(tiling.Loops):
    """Loops whose blocks read the weights of a tile of channels from one place, one after the other."""

    UNIT = 1  # of what the blocks add up
    tile_bytes = 0  # from one tile of channels to the next

    def __init__(self, product, tile_pixels, tile_channels, is_small=False):
        super().__init__(product, tile_pixels, tile_channels, is_small)
        self.has_lines = self.epilogue.requantization is not None

    def laid_out(self, words, starts):
        """`tiled` words, [channel][word], in front of which are what the sums of channels begin with, and behind which their lines.

        starts: of each channel, beside those of its line.
        """
        lines = self.epilogue.lines() if self.has_lines else numpy.zeros([self.channels, 1], numpy.int32)
        return self.tiled(
            numpy.concatenate([starts[:, None] + self.UNIT * lines[:, :1], words], 1, dtype=numpy.int32), lines[:, 1:]
        )

    def tiled(self, rows, lines):
        """[…][channel] of rows, [channel][…], and [channel][…] of lines, for each tile of channels."""
        self.line_words = lines.shape[1]
        self.tile_bytes = 4 * (rows.shape[1] + self.line_words) * self.tile_channels
        parts = [slice(first, first + self.tile_channels) for first in tiling.bases(self.channels, self.tile_channels)]
        return numpy.concatenate([array.reshape(-1) for part in parts for array in (rows[part].T, lines[part])])

    def emit(self, type_):
        self.place = addresses.of(self.weights)
        return super().emit(type_)

    def starts(self, points):
        return []  # they are beside the weights

    def of_tile(self, tile):
        """The address of the weights of the tile of channels of this number."""
        return emit.advance_by(self.place, emit.scaled(tile, self.tile_bytes))
