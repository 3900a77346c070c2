"""What a core's timing table is made of: rules, in the words of its manual."""

import functools
import re
from dataclasses import dataclass, field

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Rule:
    """The instructions whose mnemonic the pattern matches whole, and what they take.

    cycles: of one; per_word: further ones for each word that it moves. kind: for the shares by kind: multiply,
    load, store, branch, divide, convert, or other. pipelines: whether it is a load or store whose address and
    data phases overlap those of a neighbour of that sort.
    """

    pattern: str
    cycles: int = 1
    per_word: int = 0
    kind: str = "other"
    pipelines: bool = False

    @functools.cached_property
    def expression(self):
        return re.compile(self.pattern)


@dataclass(frozen=True)
class Core:
    """The timing of a core.

    taken: cycles that a taken branch, or any other write of the program counter, adds. pipelined: what a load
    that pipelines takes right behind a load or store that does, where that does not make its address; None: as any.
    source: where the numbers are from; leaves_out: what the table does not know; best: kind of product -> `possible.Loop`.
    """

    name: str
    source: str
    rules: tuple
    taken: int
    pipelined: int | None = None
    leaves_out: str = ""
    best: dict = field(default_factory=dict, hash=False)

    def rule(self, instruction):
        """The first `Rule` that fits a `code.Instruction`; one cycle where none does."""
        return self._rule(instruction.mnemonic)

    @functools.cache
    def _rule(self, mnemonic):
        return next((rule for rule in self.rules if rule.expression.fullmatch(mnemonic)), Rule(""))

    def branch(self, instruction, count, fell):
        """Cycles beyond those of their issue, of count executions of a block's last instruction, fell of which fell through."""
        return self.taken * max(count - fell, 0)

    def times(self, instructions):
        """Cycles of each of a block's instructions."""
        before = [(None, None), *((each, self.rule(each)) for each in instructions[:-1])]
        return [self._cycles(instruction, *pair) for instruction, pair in zip(instructions, before)]

    def _cycles(self, instruction, earlier, its_rule):
        rule = self.rule(instruction)
        cycles = rule.cycles + rule.per_word * instruction.words
        if self.pipelined is None or rule.kind != "load" or not rule.pipelines or not earlier or not its_rule.pipelines:
            return cycles
        made, address = _WORD.match(earlier.operands), instruction.operands.partition("[")[2]
        waits = its_rule.kind == "load" and made and made[0] in _WORD.findall(address)
        return cycles if waits else self.pipelined
