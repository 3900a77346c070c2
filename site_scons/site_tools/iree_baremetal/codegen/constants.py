"""Where a model's constants lie in flash: in one block, or those that other models may have, too, in blocks of their own.

The latter are named after their content, and each is the one section of a group (System V ABI, "Section Groups"): of groups of one
name, the linker takes the first and leaves out the others, whichever models and libraries they come from.
"""

import hashlib
from dataclasses import dataclass

from ..plan.model import ALIGNMENT, aligned, spans

# Bytes: a place of its own costs some twelve, so that of less there are many for little.
LEAST = 256


@dataclass(frozen=True)
class Block:
    """symbol: what it is called in C. pieces: (start, end) in the plan's constants; each begins at a multiple of `ALIGNMENT`.
    is_shared: whether it is left out where another model has it.
    """

    symbol: str
    pieces: tuple
    is_shared: bool = False

    def find(self, position):
        """The offset in the block of a position in the plan's constants; None where it is not in there."""
        begin = 0
        for start, end in self.pieces:
            if start <= position < end:
                return begin + position - start
            begin += aligned(end - start)
        return None


def blocks(plan, is_shared):
    """The `Block`s of the plan's constants; is_shared: whether those of at least `LEAST` bytes are shared."""
    own = f"{plan.name}_weights"
    if not is_shared:
        return [Block(own, ((0, len(plan.constants)),))] if plan.constants else []
    small, shared = [], {}
    for start, end in _intervals(plan):
        if end - start < LEAST:
            small.append((start, end))
        else:  # twice in one model, it is one block
            digest = hashlib.sha256(plan.constants[start:end]).hexdigest()
            shared.setdefault(f"iree_weights_{digest[:24]}", []).append((start, end))
    return [
        *([Block(own, tuple(small))] if small else []),
        *(Block(symbol, (piece,), True) for symbol, pieces in shared.items() for piece in pieces),
    ]


def _intervals(plan):
    """[(start, end)] of what steps read of the constants, in their order; what overlaps is one."""
    routines = [routine for routine in [*plan.functions, plan.initializer] if routine]
    used = sorted(
        (span.index + span.offset, span.index + span.offset + span.length)
        for routine in routines
        for step in routine.steps
        for span in spans(step)
        if span.place == "constant" and span.length
    )
    found = []
    for start, end in used:
        start -= start % ALIGNMENT
        if found and start < found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return [tuple(interval) for interval in found]


def declarations(placed):
    """C: the blocks."""
    return [f"extern const uint8_t {symbol}[];" for symbol in dict.fromkeys(block.symbol for block in placed)]


def assembly(plan, placed, binary_name, section=""):
    """Lines of assembly that put the blocks' content, of a file that is found on the include path, into flash."""
    lines = []
    for block in {block.symbol: block for block in placed}.values():
        name = section or f".rodata.{block.symbol}"
        group = f', "aG", %progbits, {block.symbol}, comdat' if block.is_shared else ', "a"'
        lines += [f"  .section {name}{group}", f"  .balign {ALIGNMENT}", f"  .global {block.symbol}"]
        lines += [f"  .type {block.symbol}, %object", f"{block.symbol}:"]
        for start, end in block.pieces:
            whole = (start, end) == (0, len(plan.constants))
            lines += [f'  .incbin "{binary_name}"' + ("" if whole else f", {start}, {end - start}")]
            lines += [f"  .balign {ALIGNMENT}"] if len(block.pieces) > 1 else []
        lines += [f"  .size {block.symbol}, . - {block.symbol}"]
    return lines
