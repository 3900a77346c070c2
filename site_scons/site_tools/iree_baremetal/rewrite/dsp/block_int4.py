"""A block of sums of int8 activations and int4 weights in the registers of a core with DSP: the text of its loop, and what it takes.

Eight weights are a word, each as w + 8, without a sign. AND takes two of them, four bits in each half of a word: the mask
0x000F000F as they are, 0x00F000F0 sixteen times as large. Where it takes the first, activations are sixteen times as large, so that all
products are; a shift by eight bits brings the other four weights to the same places. What is too much by 8 depends on the pixel only,
and its sums begin with the opposite. In the end sums are divided by sixteen, without a remainder.
"""

from dataclasses import dataclass

import numpy

from . import block

UNIT = 16  # of the sums until the end
MASKS = "0x000F000F", "0x00F000F0"
# Which of eight weights lies in which four bits, from the lowest: activations come as (0, 2), (1, 3), (4, 6), (5, 7).
ORDER = [0, 1, 4, 5, 2, 3, 6, 7]


@dataclass(frozen=True)
class Block(block.Block):
    """As `block.Block`, in units of 1 / 16; words: of four factors, an even number.

    Activations: [pixel], what its sums begin with; [word][half][pixel], each a pair: each second activation times 16, then the others.
    Weights: [channel], what its sums begin with; [two words][channel].
    """

    @property
    def more(self):
        return 1

    @property
    def steps(self):
        return -(-self.words // 2)

    @property
    def work(self):
        return self.channels * (1 + 4 + 4 * self.pixels) + self.loads * (1 + self.inputs)

    def _start(self, activations, weights_at, sums, inputs, weights):
        return super()._start(activations, weights_at, sums, inputs, weights[:-1])

    def _end(self, sums):
        return [f"asr {total}, {total}, #4" for total in sums]

    def _step(self, activations, weights_at, sums, inputs, weights):
        *words, pair = weights
        for half in range(4):
            if self.loads == 2 or half % 2 == 0:
                yield block.load(activations, inputs)
            if not half:
                yield block.load(weights_at, words)
            own = inputs[half % 2 * self.pixels :] if self.loads == 1 else inputs
            for channel, word in enumerate(words):
                if half == 2:
                    yield f"lsr {word}, {word}, #8"
                yield f"and {pair}, {word}, #{MASKS[half % 2]}"
                for pixel in range(self.pixels):
                    total = sums[channel * self.pixels + pixel]
                    yield f"smlad {total}, {pair}, {own[pixel]}, {total}"


def packed(weights):
    """The words of an array of numbers from -8 to 7, [channel][word][4], of an even number of words."""
    eights = (weights.reshape(len(weights), -1, 8).astype(numpy.uint32) + 8) & 15
    return sum(eights[..., factor] << numpy.uint32(4 * number) for number, factor in enumerate(ORDER)).view("<i4")
