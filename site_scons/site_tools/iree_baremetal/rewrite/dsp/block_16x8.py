"""A block of sums of 16x8 products in the registers of a core with DSP: the text of its loop, and what it takes.

Activations are pairs of 16-bit numbers as they lie in memory. Four weights are a word, w0, w2, w1, w3, of which one
SXTB16 gives the pair (w0, w1), and another, of the word rotated, (w2, w3). Sums are words, and wrap.
"""

from dataclasses import dataclass

import numpy

from . import block

ORDER = [0, 2, 1, 3]  # of the weights of a word


@dataclass(frozen=True)
class Block(block.Block):
    """Activations: [word][half][pixel], each a pair. Weights: [word][channel]. Sums begin with zero."""

    @property
    def more(self):
        return 1

    @property
    def work(self):
        return self.channels * (2 + 2 * self.pixels)

    def _start(self, activations, weights_at, sums, inputs, weights):
        return [f"mov {total}, #0" for total in sums]

    def _step(self, activations, weights_at, sums, inputs, weights):
        *words, pair = weights
        yield block.load(activations, inputs)
        yield block.load(weights_at, words)
        for half in range(2):
            if half and self.loads == 2:
                yield block.load(activations, inputs)
            own = inputs[half * self.pixels :] if self.loads == 1 else inputs
            for channel, word in enumerate(words):
                yield f"sxtb16 {word}, {word}, ror #8" if half else f"sxtb16 {pair}, {word}"
                for pixel in range(self.pixels):
                    total = sums[channel * self.pixels + pixel]
                    yield f"smlad {total}, {word if half else pair}, {own[pixel]}, {total}"


def packed(weights):
    """The words of an array of int8 [channel][word][4]."""
    return numpy.ascontiguousarray(weights[..., ORDER]).view("<i4")[..., 0]
