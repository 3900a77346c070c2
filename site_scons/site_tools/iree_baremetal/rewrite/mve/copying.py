"""Copies of activations into a strip (`strips`), as assembly for cores with MVE: (text, constraints) of each."""

from collections.abc import Callable
from dataclasses import dataclass

LANES = 16
REACH = 255  # bytes from an address to what a vector's last lane is gathered from or scattered to


@dataclass(frozen=True)
class Copy:
    """of: (text, constraints) for a number of channels; unit: bytes, or pixels, that make a pixel of its last operand."""

    of: Callable
    unit: int


def choose(channels, step, distance, part):
    """The `Copy` of parts of channels, of which neighbours lie step bytes apart, and pixels distance bytes; None where there is none."""
    if step == 1 and part == channels == distance:
        return Copy(lambda count: whole(), part)
    if step == 1 and part == LANES and channels % LANES == 0:
        return Copy(lambda count: vectors(distance), 1)
    if (LANES - 1) * max(part, distance) <= REACH:
        return Copy(lambda count: planar(count, step, distance, part), 1)
    return None


def _constraints(operands, clobbers):
    """Of operands that are lost, in registers from r0 on."""
    outputs = [f"={{r{n}}}" for n in range(operands)]
    return ",".join([*outputs, *map(str, range(operands)), *(f"~{{{name}}}" for name in [*clobbers, "lr", "cc", "memory"])])


def planar(channels, channel_step, step, part):
    """Of channels of which each lies apart. Operands: from, to, how many pixels.

    channel_step, step: bytes from a channel to the next, and from a pixel to the next; part: bytes of a pixel in the strip.
    """
    lines = ["mov r12, #0", "vidup.u8 q1, r12, #1", f"mov r12, #{part}", "vmul.i8 q2, q1, r12"]
    source = "[r3]"
    if step > 1:
        lines += [f"mov r12, #{step}", "vmul.i8 q1, q1, r12"]
        source = "[r3, q1]"
    lines += [f"movw r5, #{channel_step & 0xFFFF}", f"movt r5, #{channel_step >> 16}"]
    lines += ["1:", "vctp.8 r2", "mov r3, r0", "mov r4, r1", f"movw r12, #{channels}", "dls lr, r12", "2:", "vpstt"]
    lines += [f"vldrbt.u8 q0, {source}", "vstrbt.8 q0, [r4, q2]", "add r3, r5", "adds r4, #1", "le lr, 2b"]
    lines += [f"addw r0, r0, #{LANES * step}", f"addw r1, r1, #{LANES * part}", f"subs r2, #{LANES}", "bgt 1b"]
    return "\n".join(lines), _constraints(3, ["r3", "r4", "r5", "r12", "q0", "q1", "q2"])


def whole():
    """Of bytes that lie side by side. Operands: from, to, how many bytes."""
    lines = ["dlstp.8 lr, r2", "1:", "vldrb.u8 q0, [r0], #16", "vstrb.8 q0, [r1], #16", "letp lr, 1b"]
    return "\n".join(lines), _constraints(3, ["q0"])


def vectors(step):
    """Of 16 channels of each pixel. Operands: from, to, how many pixels. step: bytes from a pixel to the next."""
    lines = [f"movw r3, #{step}", "dls lr, r2", "1:", "vldrb.u8 q0, [r0]", "add r0, r3", "vstrb.8 q0, [r1], #16", "le lr, 1b"]
    return "\n".join(lines), _constraints(3, ["r3", "q0"])


def filling():
    """Of one value. Operands: to, how many bytes, value."""
    lines = ["vdup.8 q0, r2", "dlstp.8 lr, r1", "1:", "vstrb.8 q0, [r0], #16", "letp lr, 1b"]
    return "\n".join(lines), _constraints(3, ["q0"])
