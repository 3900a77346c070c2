"""What a core's timing table is made of: rules, in the words of its manual."""

import functools
import re
from dataclasses import dataclass


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
    source: where the numbers are from; leaves_out: what the table does not know.
    """

    name: str
    source: str
    rules: tuple
    taken: int
    pipelined: int = None
    leaves_out: str = ""

    @functools.cache
    def rule(self, mnemonic):
        """The first `Rule` that fits; one cycle where none does."""
        return next((rule for rule in self.rules if rule.expression.fullmatch(mnemonic)), Rule(""))
