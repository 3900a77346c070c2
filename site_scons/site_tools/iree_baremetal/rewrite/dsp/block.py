"""A block of sums of int8 products in the registers of a core with DSP: the text of its loop, and what it takes.

SMLAD multiplies pairs of 16-bit numbers. A word has four weights w0 … w3, and its halves, as they are, are
``256 * w1 + w0 + 128`` and ``256 * w3 + w2 + 128``: w0 and w2 are stored as w + 128, without a sign. Of the four
activations that belong to them there are two words of pairs, (a0, a2) and ``(a1 - 256 * a0 - 128, a3 - 256 * a2 - 128)``,
which just fit into 16 bits. The weights' word times the first, and (w1, w3) times the second, are
``w0 * a0 + … + w3 * a3 + 128 * (a0 + a2) - 128 * (w1 + w3)``: one SXTB16 unpacks four weights. What is too much
depends on either the pixel or the channel, and the sums begin with its opposite.

Neighbouring words come by one LDM, which is quicker than as many LDR; LLVM would use LDR or LDRD, and has one
register less.
"""

from dataclasses import dataclass

import numpy

REGISTERS = [*(f"r{n}" for n in range(13)), "lr"]
LONGEST = 104  # instructions of the loop
OFFSETS = 0x00800080  # turns w0 and w2 of a word of weights into w + 128, and back


@dataclass(frozen=True)
class Block:
    """pixels, channels: extents of the block. words: of weights for each channel, which are the turns of its loop.

    Activations: [pixel], what its sums begin with; [word][half][pixel], each a pair. Weights: [channel], what its sums
    begin with; [word][channel]. is_small: one word a turn.
    """

    pixels: int
    channels: int
    words: int
    is_small: bool = False

    @property
    def sums(self):
        return self.pixels * self.channels

    @property
    def loads(self):
        """How many loads of activations a turn takes: one for a single pixel, else one for each half."""
        return 1 if self.pixels == 1 else 2

    @property
    def inputs(self):
        return self.pixels * 2 // self.loads

    @property
    def spare(self):
        """Registers that are left beside sums, activations, weights, and two pointers."""
        return len(REGISTERS) - self.sums - self.inputs - self.channels - 2 - self.more

    @property
    def more(self):
        """Registers that a step needs beside those."""
        return 0

    @property
    def fits(self):
        return self.spare >= 0

    @property
    def steps(self):
        """Words of weights as they lie in memory, for each channel."""
        return self.words

    @property
    def unroll(self):
        step = self.loads + 1 + self.work
        factors = () if self.is_small else (6, 5, 4, 3, 2)
        return next((u for u in factors if self.steps % u == 0 and u * step <= LONGEST), 1)

    @property
    def work(self):
        """Instructions of a step that load nothing."""
        return self.channels * (1 + 2 * self.pixels)

    @property
    def cycles(self):
        """Of one block, about, by Cortex-M4's table."""
        step = self.loads * (1 + self.inputs) + 1 + self.channels + self.work
        turns = self.steps // self.unroll if self.steps > self.unroll else 0
        return self.steps * step + turns * (4 if self.spare else 6) + 8 * self.sums + 40

    def text(self):
        """(assembly, constraints) of the block.

        Inputs: the addresses of activations and weights. Outputs: the sums, channel by channel, and what the addresses
        end with.
        """
        free = list(REGISTERS[:-2])
        sums = [free.pop(0) for _ in range(self.sums)]
        registers = sums + list(REGISTERS[-2:])
        inputs = [free.pop(0) for _ in range(self.inputs)]
        weights = [free.pop(0) for _ in range(self.channels + self.more)]
        used = [*inputs, *weights, *free[:1]]
        outputs = [f"=&{{{name}}}" for name in sums] + [f"={{{name}}}" for name in registers[len(sums) :]]
        tied = [str(number) for number in range(len(sums), len(registers))]
        clobbers = [f"~{{{name}}}" for name in used if name != FRAME] + ["~{cpsr}", "~{memory}"]
        lines = [*self._loop(*registers[-2:], sums, inputs, weights, free[0] if free else None), *self._end(sums)]
        if FRAME in [*sums, *used]:
            lines = [f"push {{{FRAME}}}", *lines, f"pop {{{FRAME}}}"]
        return "\n".join(lines), ",".join([*outputs, *tied, *clobbers])

    def _loop(self, activations, weights_at, sums, inputs, weights, counter):
        turns = self.steps // self.unroll
        start = self._start(activations, weights_at, sums, inputs, weights)
        step = [line for _ in range(self.unroll) for line in self._step(activations, weights_at, sums, inputs, weights)]
        if turns == 1:
            return [*start, *step]
        if counter:
            return [*start, f"movw {counter}, #{turns}", ".p2align 2", "1:", *step, f"subs {counter}, #1", "bne 1b"]
        # No register counts: the stack has the address at which weights end.
        spare = inputs[0]
        end = [f"movw {spare}, #{4 * self.steps * self.channels}", f"add {spare}, {weights_at}", f"push {{{spare}}}"]
        turn = [f"ldr {spare}, [sp]", f"cmp {weights_at}, {spare}", "bne 1b"]
        return [*start, *end, ".p2align 2", "1:", *step, *turn, f"pop {{{spare}}}"]

    def _start(self, activations, weights_at, sums, inputs, weights):
        """What the sums begin with."""
        start = [load(activations, inputs[: self.pixels]), load(weights_at, weights)]
        return start + [f"add {total}, {weights[n // self.pixels]}, {inputs[n % self.pixels]}" for n, total in enumerate(sums)]

    def _end(self, sums):
        """What is done to the sums in the end."""
        return []

    def _step(self, activations, weights_at, sums, inputs, weights):
        yield load(activations, inputs)
        yield load(weights_at, weights)
        for half in range(2):
            if half and self.loads == 2:
                yield load(activations, inputs)
            own = inputs[half * self.pixels :] if self.loads == 1 else inputs
            for channel, word in enumerate(weights):
                if half:
                    yield f"sxtb16 {word}, {word}, ror #8"
                for pixel in range(self.pixels):
                    total = sums[channel * self.pixels + pixel]
                    yield f"smlad {total}, {word}, {own[pixel]}, {total}"


FRAME = "r7"  # LLVM's frame pointer, which it lets nobody else have


def load(pointer, registers):
    """Loads neighbouring words, and advances pointer."""
    if len(registers) == 1:
        return f"ldr {registers[0]}, [{pointer}], #4"
    return f"ldm {pointer}!, {{{', '.join(registers)}}}"


def packed(weights):
    """(the words of an array of int8 [channel][word][4]; what the sums of each channel begin with, as int32)."""
    words = (numpy.ascontiguousarray(weights).view("<u4")[..., 0] ^ OFFSETS).astype("<u4").view("<i4")
    return words, 128 * weights[:, :, 1::2].sum((1, 2), dtype=numpy.int32)
