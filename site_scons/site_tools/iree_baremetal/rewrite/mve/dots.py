"""A block of sums of int8 products in the registers of a core with MVE: the text of its loop, and what it takes.

VMLAVA adds up 16 products into a core register with an even number, which leaves the odd ones for pointers. Pixels lie
in one row, so that what the windows of neighbours share is loaded once.
"""

from dataclasses import dataclass

LANES = 16
SUMS = ["r0", "r2", "r4", "r6", "r8", "r10"]
INPUTS, WEIGHTS, COUNT = "r3", "r1", "r5"  # COUNT is needed before the loop only
VECTORS = [f"q{n}" for n in range(8)]
FARTHEST = 508, 127  # bytes from INPUTS at which a vector of aligned words is reached, and any other


@dataclass(frozen=True)
class Block:
    """pixels, channels: extents of the block. vectors: of weights for each channel in a turn. turns: of its loop.

    step: bytes from the inputs of one pixel to those of the next; pitch: from those of one turn to those of the next.
    Weights: [channel], what its sums begin with; [turn][vector][channel][lane].
    """

    pixels: int
    channels: int
    vectors: int
    turns: int
    step: int
    pitch: int

    @property
    def sums(self):
        return self.pixels * self.channels

    @property
    def is_aligned(self):
        return self.step % 4 == 0 and self.pitch % 4 == 0

    @property
    def fits(self):
        farthest = self._offset(self.pixels - 1, self.vectors - 1)
        spare = len(VECTORS) - self.channels
        return self.sums <= len(SUMS) and spare >= 1 and farthest <= FARTHEST[not self.is_aligned] and self.pitch < 4096

    @property
    def cycles(self):
        """Instructions of one block, about."""
        return len(self._turn()) * self.turns + 3 * self.turns + 6 * self.sums + 8

    def _offset(self, pixel, vector):
        return pixel * self.step + vector * LANES

    def text(self):
        """(assembly, constraints) of the block.

        Inputs: the addresses of activations and weights. Outputs: the sums, channel by channel, and what the addresses
        end with.
        """
        sums = SUMS[: self.sums]
        registers = [*sums, INPUTS, WEIGHTS]
        outputs = [f"=&{{{name}}}" for name in sums] + [f"={{{name}}}" for name in registers[len(sums) :]]
        tied = [str(number) for number in range(len(sums), len(registers))]
        clobbers = [f"~{{{name}}}" for name in [COUNT, "lr", *VECTORS, "memory"]]
        return "\n".join(self.lines()), ",".join([*outputs, *tied, *clobbers])

    def lines(self):
        """The instructions."""
        by_channel = [SUMS[n : n + self.pixels] for n in range(0, self.sums, self.pixels)]
        firsts = [first for first, *_ in by_channel]
        if self.channels == 2:
            lines = [f"ldrd {', '.join(firsts)}, [{WEIGHTS}], #8"]
        else:
            lines = [f"ldr {first}, [{WEIGHTS}], #4" for first in firsts]
        lines += [f"mov {name}, {first}" for first, *others in by_channel for name in others]
        turn = self._turn()
        if self.turns > 1:
            turn = [f"movw {COUNT}, #{self.turns}", f"dls lr, {COUNT}", "1:", *turn, f"addw {INPUTS}, {INPUTS}, #{self.pitch}"]
            turn.append("le lr, 1b")
        return [*lines, *turn]

    def _turn(self):
        """Loads each vector of inputs right before its first use, in place of one that is not needed for longest."""
        uses = [(v, c, p) for v in range(self.vectors) for c in range(self.channels) for p in range(self.pixels)]
        free, loaded, lines, weights = VECTORS[self.channels :], {}, [], VECTORS[: self.channels]
        load = "vldrw.u32" if self.is_aligned else "vldrb.u8"
        for number, (vector, channel, pixel) in enumerate(uses):
            if pixel == 0:
                lines.append(f"vldrw.u32 {weights[channel]}, [{WEIGHTS}], #{LANES}")
            offset = self._offset(pixel, vector)
            if offset not in loaded:
                later = [self._offset(p, v) for v, _, p in uses[number:]]
                if not free:
                    farthest = max(loaded, key=lambda one: later.index(one) if one in later else len(later))
                    free.append(loaded.pop(farthest))
                loaded[offset] = free.pop()
                lines.append(f"{load} {loaded[offset]}, [{INPUTS}, #{offset}]")
            lines.append(f"vmlava.s8 {SUMS[channel * self.pixels + pixel]}, {weights[channel]}, {loaded[offset]}")
        return lines
