"""A block of sums of int8 products in the registers of a core with DSP: the text of its loop, and what it takes.

A block has some pixels and channels. Activations are pairs of 16-bit numbers; weights are four in a word, which
SXTB16 makes two pairs of. Neighbouring words come by one LDM, which is quicker than as many LDR; LLVM would use
LDR or LDRD, and has one register less.
"""

from dataclasses import dataclass

REGISTERS = [*(f"r{n}" for n in range(13)), "lr"]
LONGEST = 100  # instructions of the loop


@dataclass(frozen=True)
class Block:
    """pixels, channels: extents of the block. words: of weights for each channel, which are the turns of its loop.

    Activations: [word][half][pixel], each a pair. Weights: [word][channel].
    """

    pixels: int
    channels: int
    words: int

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
        """Registers that are left beside sums, activations, weights, a pair of weights, and two pointers."""
        return len(REGISTERS) - self.sums - self.inputs - self.channels - 3

    @property
    def fits(self):
        return self.spare >= 0

    @property
    def unroll(self):
        step = self.loads + 1 + 2 * self.channels * (1 + self.pixels)
        return next((u for u in (4, 3, 2) if self.words % u == 0 and u * step <= LONGEST), 1)

    @property
    def cycles(self):
        """Of one block, about, by Cortex-M4's table."""
        step = self.loads * (1 + self.inputs) + 1 + self.channels + 2 * self.channels * (1 + self.pixels)
        turns = self.words // self.unroll if self.words > self.unroll else 0
        return self.words * step + turns * (4 if self.spare else 6) + 20 * self.sums + 40

    def text(self):
        """(assembly, constraints) of the block.

        Inputs: what the sums begin with, channel by channel, the addresses of activations and weights. Outputs: the
        sums, and what the addresses end with.
        """
        free = list(REGISTERS[: -2])
        sums = [free.pop(0) for _ in range(self.sums)]
        registers = sums + list(REGISTERS[-2:])
        pair = free.pop(0)
        inputs = [free.pop(0) for _ in range(self.inputs)]
        weights = [free.pop(0) for _ in range(self.channels)]
        used = [pair, *inputs, *weights, *free[:1]]
        outputs = [f"={{{name}}}" for name in registers]
        tied = [str(number) for number in range(len(registers))]
        clobbers = [f"~{{{name}}}" for name in used if name != _FRAME] + ["~{cpsr}", "~{memory}"]
        lines = self._loop(*registers[-2:], sums, pair, inputs, weights, free[0] if free else None)
        if _FRAME in [*sums, *used]:
            lines = [f"push {{{_FRAME}}}", *lines, f"pop {{{_FRAME}}}"]
        return "\n".join(lines), ",".join([*outputs, *tied, *clobbers])

    def _loop(self, activations, weights_at, sums, pair, inputs, weights, counter):
        turns = self.words // self.unroll
        step = [line for _ in range(self.unroll) for line in self._step(activations, weights_at, sums, pair, inputs, weights)]
        if turns == 1:
            return step
        if counter:
            return [f"movw {counter}, #{turns}", ".p2align 2", "1:", *step, f"subs {counter}, #1", "bne 1b"]
        # No register counts: the stack has the address at which weights end.
        end = [f"movw {pair}, #{4 * self.words * self.channels}", f"add {pair}, {weights_at}", f"push {{{pair}}}"]
        turn = [f"ldr {pair}, [sp]", f"cmp {weights_at}, {pair}", "bne 1b"]
        return [*end, ".p2align 2", "1:", *step, *turn, f"pop {{{pair}}}"]

    def _step(self, activations, weights_at, sums, pair, inputs, weights):
        yield _load(activations, inputs)
        yield _load(weights_at, weights)
        for half in range(2):
            if half and self.loads == 2:
                yield _load(activations, inputs)
            own = inputs[half * self.pixels :] if self.loads == 1 else inputs
            for channel, word in enumerate(weights):
                yield f"sxtb16 {word}, {word}, ror #8" if half else f"sxtb16 {pair}, {word}"
                for pixel in range(self.pixels):
                    total = sums[channel * self.pixels + pixel]
                    yield f"smlad {total}, {word if half else pair}, {own[pixel]}, {total}"


_FRAME = "r7"  # LLVM's frame pointer, which it lets nobody else have


def _load(pointer, registers):
    """Loads neighbouring words, and advances pointer."""
    if len(registers) == 1:
        return f"ldr {registers[0]}, [{pointer}], #4"
    return f"ldm {pointer}!, {{{', '.join(registers)}}}"
