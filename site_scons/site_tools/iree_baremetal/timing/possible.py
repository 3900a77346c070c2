"""What a product can take at best on a core: its best inner loop that is known, by the core's own timing table."""

from dataclasses import dataclass

from .code import Instruction, words


@dataclass(frozen=True)
class Loop:
    """An inner loop. what: in words; macs: multiply-accumulates of one turn; text: its instructions, a line each.

    It is without counting and branching, which unrolling makes as few as one likes, but for cores whose loops are free.
    """

    what: str
    macs: int
    text: str

    def cycles_per_mac(self, core):
        """By the table of core, a `table.Core` or `pipeline.Pipeline`."""
        lines = [line.strip().partition(" ") for line in self.text.strip().splitlines()]
        found = [
            Instruction(4 * n, 4, name, operands.strip(), words(name, operands)) for n, (name, _, operands) in enumerate(lines)
        ]
        # The end goes back to the beginning: a pipeline is told as in the midst of the loop.
        found.append(Instruction(4 * len(found), 4, "nop", f"#{0:#x}"))
        return round(sum(core.times(found)[:-1]) / self.macs, 3)


def of(core, kind):
    """(cycles a multiply-accumulate, the `Loop`'s description) of a kind of product on core, or None where none is known.

    kind: as from `bench.macs`, "int8 of many pixels", say.
    """
    loop = core.best.get(kind) if core else None
    return (loop.cycles_per_mac(core), loop.what) if loop else None
