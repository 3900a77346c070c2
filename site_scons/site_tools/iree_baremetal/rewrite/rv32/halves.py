"""A block of sums of int8 products in the registers of an RV32 core without vectors: the text of its loop, and what it takes.

A block has some pairs of pixels and some channels. The activations a and b of a pair are one word, ``a + (b << 16)``: its
product with a weight w is ``a * w + (b * w << 16)``. Such products are added up in runs, as long as the lower half cannot
run into the upper one. Then they are taken apart: the whole goes to one sum, the upper half to the other, which is taken
off the first at the end. LLVM, left to itself, has too few registers for it, and spills.
"""

import itertools
from dataclasses import dataclass

HALF = 1 << 15  # what each run begins with: to round the upper half by
REGISTERS = [*(f"t{n}" for n in range(7)), *(f"a{n}" for n in range(8)), *(f"s{n}" for n in range(1, 12)), "ra", "s0"]
_FRAME = "s0"  # LLVM's frame pointer, which it lets nobody else have
LATENCY = {"mul": 4, "lw": 3, "lb": 3}  # cycles, as of Rocket


@dataclass(frozen=True)
class Block:
    """pairs (of pixels), channels: extents of the block. length: products of a run. runs: how many.

    Activations: [run][factor][pair], words. Weights: [run][channel][factor], bytes.
    """

    pairs: int
    channels: int
    length: int
    runs: int

    @property
    def sums(self):
        """Words of sums: of the whole of each pair, channel by channel, and then of the upper halves."""
        return 2 * self.pairs * self.channels

    @property
    def registers(self):
        """Sums, activations, weights, what is added up, two addresses, HALF, the address at which weights end."""
        return self.sums + self.length * (self.pairs + 1) + self.pairs + 4

    @property
    def fits(self):
        return self.registers <= len(REGISTERS) and self.pairs <= 2  # of more, the products would need more registers

    @property
    def unroll(self):
        """Runs in a turn of the loop."""
        return 1 if self.runs % 2 else 2

    @property
    def instructions(self):
        """Of the loop, about."""
        return self.runs * (self.length * (self.pairs + self.channels) + self.channels * self.pairs * (2 * self.length + 3) + 2)

    def text(self):
        """(assembly, constraints) of the block.

        Inputs: what the sums begin with, the addresses of activations and weights. Outputs: the sums, and what the
        addresses end with.
        """
        free = list(REGISTERS)
        outputs = [free.pop(0) for _ in range(self.sums + 2)]
        half, end = free.pop(0), free.pop(0)
        words = [free.pop(0) for _ in range(self.length * self.pairs)]
        weights = [free.pop(0) for _ in range(self.length)]
        products = [free.pop(0) for _ in range(self.pairs)]
        *sums, activations, weights_at = outputs
        lines, is_loop = [f"lui {half}, {HALF >> 12}"], self.runs > self.unroll
        if is_loop:
            lines += [f"li {end}, {self.runs * self.channels * self.length}", f"add {end}, {end}, {weights_at}", "1:"]
        runs = (self._run(n, sums, activations, weights_at, half, words, weights, products) for n in range(self.unroll))
        lines += _scheduled(itertools.chain(*runs))
        for place, size in ((activations, 4 * len(words)), (weights_at, self.channels * self.length)):
            lines.append(f"addi {place}, {place}, {self.unroll * size}")
        if is_loop:
            lines.append(f"bne {weights_at}, {end}, 1b")
        used = [half, end, *words, *weights, *products]
        if _FRAME in [*outputs, *used]:
            lines = ["addi sp, sp, -16", f"sw {_FRAME}, 0(sp)", *lines, f"lw {_FRAME}, 0(sp)", "addi sp, sp, 16"]
        tied = [str(number) for number in range(len(outputs))]
        clobbers = [f"~{{{name}}}" for name in used if name != _FRAME] + ["~{memory}"]
        return "\n".join(lines), ",".join([*(f"={{{name}}}" for name in outputs), *tied, *clobbers])

    def _run(self, number, sums, activations, weights_at, half, words, weights, products):
        """Of the number-th run of a turn, each as (instruction, what it writes, what it reads)."""
        at = number * len(words)
        for place, word in enumerate(words, at):
            yield f"lw {word}, {4 * place}({activations})", word, []
        at = number * self.channels * self.length
        for channel in range(self.channels):
            for factor, weight in enumerate(weights):
                yield f"lb {weight}, {at + channel * self.length + factor}({weights_at})", weight, []
            own = slice(channel * self.pairs, (channel + 1) * self.pairs)
            yield from self._channel(sums[own], sums[self.sums // 2 :][own], half, words, weights, products)

    def _channel(self, wholes, uppers, half, words, weights, products):
        for factor, weight in enumerate(weights):
            # The last product of a weight takes its register, that of the one before it the weight before.
            to = products if not factor else [weights[factor - 1], weight][-self.pairs :]
            for pair, product in enumerate(to):
                word = words[factor * self.pairs + pair]
                yield f"mul {product}, {word}, {weight}", product, [word, weight]
            for product, other in zip(products, to):
                yield _add(product, other if factor else half)
        for whole, upper, product in zip(wholes, uppers, products):
            yield _add(whole, product)
            yield f"srai {product}, {product}, 16", product, [product]
            yield _add(upper, product)


def _add(total, value):
    return f"add {total}, {total}, {value}", total, [total, value]


def _scheduled(instructions):
    """instructions in an order in which few wait for what another computes, on a core that begins one in each cycle."""
    rest, ready, now = list(instructions), {}, 0
    while rest:
        written, read, free = set(), set(), []
        for instruction in rest:
            text, to, sources = instruction
            if to not in written | read and written.isdisjoint(sources):
                start = max([now, *(ready.get(name, 0) for name in sources)])
                free.append((start, -LATENCY.get(text.split()[0], 1), instruction))
            written.add(to)
            read.update(sources)
        start, latency, instruction = min(free, key=lambda found: found[:2])
        ready[instruction[1]] = start - latency
        now = start + 1
        rest.remove(instruction)
        yield instruction[0]
