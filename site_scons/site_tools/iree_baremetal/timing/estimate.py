"""Cycles of a segment of a run: executions by the core's table."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

_WORD = re.compile(r"\w+")


@dataclass
class Line:
    """An instruction: how often it was executed, and the cycles of all these."""

    executions: int = 0
    cycles: int = 0


@dataclass
class Estimate:
    """lines: address -> `Line`; the sums are over all of them. kinds: kind of instruction -> cycles."""

    lines: dict = field(default_factory=lambda: defaultdict(Line))
    kinds: Counter = field(default_factory=Counter)

    @property
    def instructions(self):
        return sum(line.executions for line in self.lines.values())

    @property
    def cycles(self):
        return sum(line.cycles for line in self.lines.values())


def estimate(segment, code, core):
    """The `Estimate` of a `device.executions.Segment` of the image code on core, a `table.Core`."""
    result = Estimate()
    for block, (count, fell) in segment.blocks.items():
        before = None
        for address in block.addresses:
            instruction = code.at(address)
            rule = core.rule(instruction.mnemonic)
            cycles = _cycles(core, rule, instruction, before) * count
            if address == block.addresses[-1]:
                # What came next was elsewhere; a block that QEMU cut short goes on behind.
                cycles += core.taken * max(count - fell, 0)
            line = result.lines[address]
            line.executions += count
            line.cycles += cycles
            result.kinds[rule.kind] += cycles
            before = instruction, rule
    return result


def _cycles(core, rule, instruction, before):
    cycles = rule.cycles + rule.per_word * instruction.words
    if core.pipelined is None or rule.kind != "load" or not rule.pipelines or before is None:
        return cycles
    earlier, its_rule = before
    if not its_rule.pipelines:
        return cycles
    made, address = _WORD.match(earlier.operands), instruction.operands.partition("[")[2]
    waits = its_rule.kind == "load" and made and made[0] in _WORD.findall(address)
    return cycles if waits else core.pipelined
