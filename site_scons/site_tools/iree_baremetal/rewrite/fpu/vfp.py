"""A block of sums of floats in the registers of the FPU: the text of its loops, and what they take.

A block has some pixels and channels. Its sums stay in registers; consecutive words come by one VLDM, which is
quicker than as many VLDR. Where VFMA takes longer than VMUL and VADD, as on Cortex-M4, those two are used.
LLVM would spread such words over registers as it likes, and load them one by one.
"""

import math
from dataclasses import dataclass

REGISTERS = 32
TEMPORARIES = 4  # products that wait for being added: a VADD right behind its VMUL would stall
LONGEST = 160  # instructions of the innermost loop


@dataclass(frozen=True)
class Block:
    """pixels, channels: extents of the block. taps: neighbouring inputs that one step takes for each pixel.

    stride: words from a pixel's inputs to those of the next, in one load; 0: each pixel has its own pointer and load.
    loops: (count, words from one turn's inputs to the next's) of what is left of the sums, the outermost first.
    fused: whether VFMA is quick. unroll: steps in one turn of the innermost loop.
    """

    pixels: int
    channels: int
    taps: int
    stride: int
    loops: tuple
    fused: bool
    unroll: int = 1

    @property
    def sums(self):
        return self.pixels * self.channels

    @property
    def pointers(self):
        return 1 if self.stride else self.pixels

    @property
    def loaded(self):
        """Words of one load of inputs."""
        return (self.pixels - 1) * self.stride + self.taps

    @property
    def inputs(self):
        return self.pointers * self.loaded

    @property
    def temporaries(self):
        return 0 if self.fused else max(0, min(TEMPORARIES, REGISTERS - self.sums - self.inputs - self.channels))

    @property
    def group(self):
        """For how many taps weights are in registers at once."""
        return min(self.taps * self.unroll, (REGISTERS - self.sums - self.inputs - self.temporaries) // self.channels)

    @property
    def fits(self):
        left = REGISTERS - self.sums - self.inputs - self.channels
        return left >= (0 if self.fused else 1) and self.pointers + len(self.loops) <= 8 and (self.unroll == 1 or self._is_short)

    @property
    def _is_short(self):
        return self.loops[-1][0] % self.unroll == 0 and self.unroll * self.step <= LONGEST

    @property
    def step(self):
        """Instructions of a step of the innermost loop, about."""
        return self.pointers * (1 if self._advances else 2) + self.taps * (1 + self.sums * (1 if self.fused else 2))

    @property
    def _advances(self):
        """Whether loading inputs brings the pointer to the next step's."""
        return self.loops[-1][1] == self.loaded

    @property
    def cycles(self):
        """Of one block, about, by Cortex-M4's table."""
        steps = math.prod(count for count, _ in self.loops)
        inputs = self.pointers * (1 + self.loaded + (0 if self._advances else len(_parts(4 * self.loops[-1][1]))))
        weights = self.taps * (self.channels + 1 / self.group)
        turns = sum(4 * math.prod(count for count, _ in self.loops[: n + 1]) for n in range(len(self.loops) - 1))
        return (
            steps * (inputs + weights + self.taps * self.sums * (1 if self.fused else 2) + 4 / self.unroll)
            + turns
            + 10 * self.sums
            + 40
        )

    @property
    def bytes(self):
        """Of its code, with what surrounds it, about."""
        return 4 * (self.unroll * self.step + 2 * len(self.loops)) + 30 * self.sums + 150

    def text(self):
        """(assembly, constraints) of the block.

        Outputs: the sums, channel by channel, then what the pointers and counters end with; inputs: the pointers to
        each pixel's inputs (one where stride is given), and to the weights [step][tap][channel].
        """
        first = self.sums
        pointers = [f"${first + n}" for n in range(self.pointers + 1)]
        counters = [f"${first + len(pointers) + n}" for n in range(len(self.loops))]
        outputs = [f"={{s{n}}}" for n in range(self.sums)] + ["=&r"] * (len(pointers) + len(counters))
        inputs = [str(n) for n in range(first, first + len(pointers))]
        clobbers = [f"~{{s{n}}}" for n in range(self.sums, REGISTERS)] + ["~{cpsr}", "~{memory}"]
        return "\n".join(self._lines(pointers, counters)), ",".join(outputs + inputs + clobbers)

    def _lines(self, pointers, counters):
        *own, _ = pointers
        yield from self._zeros(counters[0])
        *outer, (count, words) = self.loops
        for number, (turns, _) in enumerate(outer):
            yield f"movw {counters[number]}, #{turns}"
            yield f"{number + 1}:"
        turns = count // self.unroll
        label = len(outer) + 1
        if turns > 1:
            yield f"movw {counters[-1]}, #{turns}"
            yield ".p2align 2"
            yield f"{label}:"
        yield from self._body(pointers)
        if turns > 1:
            yield f"subs {counters[-1]}, #1"
            yield f"bne {label}b"
        advanced = count * words
        for number, (turns, far) in reversed(list(enumerate(outer))):
            for pointer in own:
                yield from _advance(pointer, 4 * (far - advanced))
            yield f"subs {counters[number]}, #1"
            yield f"bne {number + 1}b"
            advanced = turns * far

    def _zeros(self, register):
        yield f"mov {register}, #0"
        yield from (f"vmov s{n}, s{n + 1}, {register}, {register}" for n in range(0, self.sums - 1, 2))
        if self.sums % 2:
            yield f"vmov s{self.sums - 1}, {register}"

    def _body(self, pointers):
        """One turn of the innermost loop."""
        *own, weights = pointers
        inputs, temporary = self.sums, self.sums + self.inputs
        first = temporary + self.temporaries
        total = self.taps * self.unroll
        for tap in range(total):
            if tap % self.taps == 0:
                for number, pointer in enumerate(own):
                    yield _load(pointer, inputs + number * self.loaded, self.loaded, self._advances)
                    if not self._advances:
                        yield from _advance(pointer, 4 * self.loops[-1][1])
            if tap % self.group == 0:
                yield _load(weights, first, self.channels * min(self.group, total - tap), True)
            here = first + tap % self.group * self.channels
            pixel = self.stride or self.loaded
            yield from self._products(inputs + tap % self.taps, pixel, here, temporary)

    def _products(self, inputs, pixel, weights, temporary):
        """Adds to each sum the product of its pixel's input and its channel's weight."""
        terms = [(n, weights + n // self.pixels, inputs + n % self.pixels * pixel) for n in range(self.sums)]
        if self.fused:
            yield from (f"vfma.f32 s{total}, s{weight}, s{value}" for total, weight, value in terms)
            return
        for start in range(0, len(terms), self.temporaries):
            some = terms[start : start + self.temporaries]
            yield from (f"vmul.f32 s{temporary + n}, s{weight}, s{value}" for n, (_, weight, value) in enumerate(some))
            yield from (f"vadd.f32 s{total}, s{total}, s{temporary + n}" for n, (total, _, _) in enumerate(some))


def _load(pointer, first, count, advances):
    if count == 1 and not advances:
        return f"vldr s{first}, [{pointer}]"
    return (
        f"vldmia {pointer}{'!' if advances else ''}, {{s{first}-s{first + count - 1}}}"
        if count > 1
        else f"vldmia {pointer}!, {{s{first}}}"
    )


def _advance(register, count):
    """Adds count, known, to a register."""
    name = "add" if count >= 0 else "sub"
    return (f"{name} {register}, {register}, #{part}" for part in _parts(abs(count)))


def _parts(number):
    """Numbers, each of which one ADD or SUB can have, that add up to number."""
    parts = []
    while number:
        shift = max(0, number.bit_length() - 8)
        part = number if number < 4096 else number >> shift << shift
        parts.append(part)
        number -= part
    return parts
