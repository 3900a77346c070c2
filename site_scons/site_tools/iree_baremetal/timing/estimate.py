"""Cycles of a segment of a run: executions by the core's table."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Line:
    """An instruction: how often it was executed, and the cycles of all these."""

    executions: int = 0
    cycles: int = 0


@dataclass
class Estimate:
    """lines: address -> `Line`; the sums are over all of them."""

    lines: dict = field(default_factory=lambda: defaultdict(Line))

    @property
    def instructions(self):
        return sum(line.executions for line in self.lines.values())

    @property
    def cycles(self):
        return sum(line.cycles for line in self.lines.values())


def together(estimates):
    """The `Estimate` of several segments as one."""
    result = Estimate()
    for one in estimates:
        for address, line in one.lines.items():
            result.lines[address].executions += line.executions
            result.lines[address].cycles += line.cycles
    return result


def estimate(segment, code, core):
    """The `Estimate` of a `device.executions.Segment` of the image code on core, a `table.Core` or `pipeline.Pipeline`."""
    result = Estimate()
    for block, (count, fell) in segment.blocks.items():
        instructions = [code.at(address) for address in block.addresses]
        # What came next was elsewhere; a block that QEMU cut short goes on behind.
        beyond = [0] * (len(instructions) - 1) + [core.branch(instructions[-1], count, fell)]
        for instruction, cycles, more in zip(instructions, core.times(instructions), beyond):
            line = result.lines[instruction.address]
            line.executions += count
            line.cycles += cycles * count + more
    return result
