"""A tile of pixels over one tile of channels after the other, on a core with MVE: products, requantization, a residual, and stores
as one loop in assembly. LLVM would have all that the loop needs on the stack: the six sums of `dots` take most registers.
"""

from dataclasses import dataclass

from . import dots

FARTHEST = 4095  # bytes from a register to what is loaded or stored
_SAVED = 12  # bytes on the stack, in the order of the registers r3, r7, r12


@dataclass(frozen=True)
class Finish:
    """What becomes of sums, as `integers.requantization` and `addition` have it.

    words: of a channel's line; shift: of all lines, to the right, or where they have a bend (four words) to the left. least,
    greatest: limits. exceptions: whether channels have some. plane: (a, b, c, shift, low, high) of a residual sum, or None.
    """

    words: int
    shift: int
    least: int
    greatest: int
    exceptions: bool
    plane: tuple | None = None

    def line(self, sums):
        """Of the sums of a channel, whose line comes from the weights."""
        if self.words == 2:
            yield f"ldrd r3, r5, [{dots.WEIGHTS}], #8"
            yield from (f"smmla {name}, {name}, r3, r5" for name in sums)
            yield from _limited(sums, self.shift, self.least, self.greatest)
            return
        yield f"ldm {dots.WEIGHTS}!, {{r3, r5, r12, lr}}"
        for name in sums:
            yield f"add {name}, r5, {name}, lsl #{self.shift}" if self.shift else f"add {name}, r5"
            yield from (f"add r11, r12, {name}, asr #31", f"smmla {name}, {name}, r3, r11", f"asr {name}, lr")
        yield from _limited(sums, 0, self.least, self.greatest)

    def excepted(self, by_channel):
        """Of the sums of each channel, whose exceptions come from r3: how many turns; [turn][channel]."""
        yield from ("ldr r5, [r3], #4", "2:")
        for sums in by_channel:
            yield "ldr r12, [r3], #4"
            for name in sums:
                yield from (f"sub r11, r12, {name}, lsl #1", "cmp r11, #2", "itt lo")
                yield from (f"sublo {name}, {name}, r11, lsl #1", f"addlo {name}, {name}, #1")
        yield from ("subs r5, #1", "bne 2b")

    def residual(self, sums, offsets):
        """Of all sums, with what lies at these offsets from the output and as far again as the stack has it."""
        *_, shift, low, high = self.plane or ()
        yield from ("ldr r3, [sp, #8]", "add r3, r9", f"ldm {dots.WEIGHTS}!, {{r5, r12, lr}}")
        for name, offset in zip(sums, offsets):
            yield from (f"ldrsb r11, [r3, #{offset}]", f"mla {name}, {name}, r5, lr", f"mla {name}, r11, r12, {name}")
        yield from _limited(sums, shift, low, high)


def _limited(sums, shift, least, greatest):
    for name in sums:
        yield f"ssat {name}, #8, {name}" + (f", asr #{shift}" if shift else "")
        for limit, nearest, condition in ((least, -128, "lt"), (greatest, 127, "gt")):
            if limit != nearest:
                yield from (f"cmp {name}, #{limit}", f"it {condition}", f"mov{condition} {name}, #{limit}")


@dataclass(frozen=True)
class Sweep:
    """pixel, channel: bytes of the output from one to the next.

    For each tile of channels the weights are what `dots.Block` takes; if there are exceptions how many bytes behind that
    they begin, 0 for none; lines; and the factors of the plane.
    """

    block: dots.Block
    finish: Finish
    pixel: int
    channel: int

    @property
    def offsets(self):
        return [c * self.channel + p * self.pixel for c in range(self.block.channels) for p in range(self.block.pixels)]

    @property
    def fits(self):
        return max(self.offsets) <= FARTHEST

    def text(self):
        """(assembly, constraints).

        Inputs: the addresses of activations, weights, and output, the number of tiles of channels, and bytes from the output to
        the residual. Outputs: the value that was stored last, and what the inputs end with.
        """
        sums = dots.SUMS[: self.block.sums]
        operands = [dots.INPUTS, dots.WEIGHTS, "r9", "r11", "r12"]
        used = [*(name for name in dots.SUMS if name != sums[-1]), dots.COUNT, "lr", *dots.VECTORS]
        outputs = [f"=&{{{sums[-1]}}}", *(f"={{{name}}}" for name in operands)]
        tied = [str(number) for number in range(1, len(outputs))]
        clobbers = [f"~{{{name}}}" for name in [*used, "cc", "memory"]]
        return "\n".join(self._lines(sums)), ",".join([*outputs, *tied, *clobbers])

    def _lines(self, sums):
        pixels, finish = self.block.pixels, self.finish
        by_channel = [sums[n : n + pixels] for n in range(0, len(sums), pixels)]
        yield from ("push {r3, r7, r12}", "mov r7, r11", "5:", f"ldr {dots.INPUTS}, [sp]", *self.block.lines())
        if finish.exceptions:
            yield from (f"ldr r3, [{dots.WEIGHTS}], #4", "cmp r3, #0", "bne 6f", "7:")
        for own in by_channel:
            yield from finish.line(own)
        if finish.plane:
            yield from finish.residual(sums, self.offsets)
        yield from (f"strb {name}, [r9, #{offset}]" for name, offset in zip(sums, self.offsets))
        step = self.block.channels * self.channel
        yield from (
            [f"addw r9, r9, #{step}"] if step < 4096 else [f"movw r3, #{step & 0xFFFF}", f"movt r3, #{step >> 16}", "add r9, r3"]
        )
        yield from ("subs r7, #1", "bne 5b")
        if finish.exceptions:
            yield from ("b 8f", "6:", f"add r3, {dots.WEIGHTS}", *finish.excepted(by_channel), "b 7b", "8:")
        yield "pop {r3, r7, r12}"
