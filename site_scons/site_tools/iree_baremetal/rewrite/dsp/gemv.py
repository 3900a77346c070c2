"""A block of sums of int8 products of one pixel, whose activations a core with DSP reads where they are: the text of its loop.

SMLSDX multiplies the halves of two words crosswise, and takes one product from the other. Of four activations x0 … x3, with
x0 and x2 made x + 128, there are the word X as it is, whose halves are ``256 * x1 + x0 + 128`` and ``256 * x3 + x2 + 128``,
and P, (x1, x3), which one SXTB16 gives. A word W of weights has the bytes ``w3 + 128, -1 - w2, 127 - w1, w0``, of which
the first and the third have no sign; U is (-1 - w2, w0), by SXTB16, too. W and P by SMLSDX, then X and U, are

    (w3 + 128) * x3 - (127 - w1) * x1 + w0 * (x0 + 128) + (1 + w2) * (x2 + 128),

as what either has of the upper bytes the other takes off. That is ``w0 * x0 + … + w3 * x3``, and ``128 * x3 - 127 * x1 + x2``,
which depends on the pixel only, and is added up once (`offset`); and ``128 * (w0 + w2 + 1)``, which depends on the channel. Sums
begin with the opposite. Beside the loads a word takes two instructions of its own, and none of the stack.

Weights come in parts, as large as there are registers: by LDM, the first two by LDR, which costs less beside that of X.
"""

from dataclasses import dataclass

import numpy

from .block import FRAME, REGISTERS, load

LONGEST = 128  # instructions of the loop
FLIPS = numpy.array([0x80, 0xFF, 0x7F, 0], numpy.uint8)  # what makes w3, w2, w1, w0 the bytes of a word
TURNS = 4  # words of a turn of `offset`
# All that are not pointers. LLVM lets nobody else have its frame pointer, so that it is no sum.
_OTHERS = [*(name for name in REGISTERS[:-2] if name != FRAME), FRAME]


@dataclass(frozen=True)
class Block:
    """channels: of the block. words: of weights for each channel. is_small: one word a turn. overlap: activations that the last
    word has in common with the one before it.

    Activations: as they are, four to a word. Weights: [channel], what its sums begin with; [word][channel], as `packed`.
    """

    channels: int
    words: int
    is_small: bool = False
    overlap: int = 0

    @property
    def fits(self):
        return self._spare(0) > 0

    def _spare(self, reserved):
        """Registers for weights beside sums, two words of activations, and so many others."""
        return len(_OTHERS) - self.channels - 2 - reserved

    @property
    def counts(self):
        """Whether a register counts the turns, which it does if no weights have to wait for it."""
        return self._spare(1) > 0 and -(-self.channels // self._spare(1)) == self.groups

    @property
    def groups(self):
        """In how many parts the weights of a word come."""
        return -(-self.channels // self._spare(0))

    @property
    def _most(self):
        """Weights that come at once."""
        return -(-self.channels // self.groups)

    @property
    def _looped(self):
        """Words that follow each other."""
        return self.words - bool(self.overlap)

    @property
    def unroll(self):
        step = 3 + self.groups + (self._most == 2) + 3 * self.channels
        factors = () if self.is_small else range(6, 1, -1)
        return next((u for u in factors if self._looped % u == 0 and u * step <= LONGEST), 1)

    @property
    def cycles(self):
        """Of one block, about, by Cortex-M4's table."""
        step = 4 + self.groups - (self._most <= 2) + 4 * self.channels
        turns = self._looped // self.unroll if self._looped > self.unroll else 0
        return self.words * step + turns * (4 if self.counts else 6) + 8 * self.channels + 40

    def text(self):
        """(assembly, constraints) of the block.

        Inputs: what all sums begin with, and the addresses of activations and weights. Outputs: the sums, a number without
        meaning, and what the addresses end with.
        """
        free = list(_OTHERS)
        sums = [free.pop(0) for _ in range(self.channels)]
        four = free.pop(0)
        weights = [free.pop(0) for _ in range(self._most)]
        pair, *rest = free
        used = [*weights, pair, *rest[: self.counts]]
        ends = [four, *REGISTERS[-2:]]
        outputs = [f"=&{{{name}}}" for name in sums] + [f"={{{name}}}" for name in ends]
        tied = [str(number) for number in range(len(sums), len(sums) + len(ends))]
        clobbers = [f"~{{{name}}}" for name in used if name != FRAME] + ["~{cpsr}", "~{memory}"]
        lines = self._loop(sums, *ends, pair, weights, rest[0] if self.counts else None)
        if FRAME in used:
            lines = [f"push {{{FRAME}}}", *lines, f"pop {{{FRAME}}}"]
        return "\n".join(lines), ",".join([*outputs, *tied, *clobbers])

    def _loop(self, sums, four, activations, weights_at, pair, weights, counter):
        turns = self._looped // self.unroll
        start = [load(weights_at, sums), *(f"add {total}, {four}" for total in sums)]
        step = list(self._step(activations, weights_at, sums, four, pair, weights))
        last = [f"subs {activations}, #{self.overlap}", *step] if self.overlap else []
        if turns == 1:
            return [*start, *step * self.unroll, *last]
        if counter:
            turn = [*step * self.unroll, f"subs {counter}, #1", "bne 1b"]
            return [*start, *_constant(counter, turns), ".p2align 2", "1:", *turn, *last]
        # No register counts: the stack has the address at which the weights of the loop end.
        end = [*_constant(pair, 4 * self._looped * self.channels), f"add {pair}, {weights_at}", f"push {{{pair}}}"]
        turn = [*step * self.unroll, f"ldr {pair}, [sp]", f"cmp {weights_at}, {pair}", "bne 1b"]
        return [*start, *end, ".p2align 2", "1:", *turn, f"pop {{{pair}}}", *last]

    def _step(self, activations, weights_at, sums, four, pair, weights):
        yield load(activations, [four])
        for first in range(0, self.channels, len(weights)):
            own = list(zip(sums[first:], weights))
            yield from _loads(weights_at, [word for _, word in own], is_behind_load=first == 0)
            if first == 0:
                yield f"eor {four}, {four}, #0x00800080"
                yield f"sxtb16 {pair}, {four}, ror #8"
            yield from (f"smlsdx {total}, {word}, {pair}, {total}" for total, word in own)
            for total, word in own:
                yield f"sxtb16 {word}, {word}, ror #8"
                yield f"smlsdx {total}, {four}, {word}, {total}"


def _loads(pointer, registers, is_behind_load):
    """Right behind an LDR another one takes one cycle: two are quicker than an LDM."""
    if not is_behind_load or len(registers) != 2:
        return [load(pointer, registers)]
    return [f"ldr {registers[1]}, [{pointer}, #4]", f"ldr {registers[0]}, [{pointer}], #8"]


def _constant(register, value):
    upper = [f"movt {register}, #{value >> 16}"] if value >> 16 else []
    return [f"movw {register}, #{value & 0xFFFF}", *upper]


def overlap(factors):
    """How many of so many factors the last word has in common with the one before it."""
    return -factors % 4


def packed(weights):
    """(the words of an array of int8 [channel][factor]; what the sums of each channel begin with, as int32).

    There are four factors at least. What the last word has in common with the one before it is multiplied by zero.
    """
    count, common = weights.shape[1], overlap(weights.shape[1])
    weights = numpy.insert(weights, [count - (4 - common)] * common, 0, 1).reshape(len(weights), -1, 4)
    words = (numpy.ascontiguousarray(weights[:, :, ::-1]).view(numpy.uint8) ^ FLIPS).view("<i4")[..., 0]
    return words, -128 * (weights[:, :, ::2].astype(numpy.int32) + [1, 0]).sum((1, 2), dtype=numpy.int32)


def offset(factors, is_small=False):
    """(assembly, constraints) that add up what all sums of a pixel begin with.

    Input: the address of its activations, so many factors. Outputs: the number, and what the address ends with. is_small: one word
    a turn.
    """
    step = ["ldr r2, [r1], #4", "sxtab r0, r0, r2, ror #16", "sxtb16 r2, r2, ror #8", "smlad r0, r2, r3, r0"]
    unroll, common = 1 if is_small else TURNS, overlap(factors)
    turns, rest = divmod(factors // 4, unroll)
    lines = ["movs r0, #0", "movw r3, #0xFF81", "movt r3, #0x0080"]  # -127 for x1, 128 for x3
    if turns:
        lines += [*_constant("r12", turns), ".p2align 2", "1:", *step * unroll, "subs r12, #1", "bne 1b"]
    last = [f"subs r1, #{common}", *step] if common else []
    return "\n".join([*lines, *step * rest, *last, "rsbs r0, r0, #0"]), "=&{r0},={r1},1,~{r2},~{r3},~{r12},~{cpsr},~{memory}"
