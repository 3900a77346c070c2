"""Cores that overlap instructions or issue several at once: a pipeline that issues in order, as LLVM's models describe it."""

import functools
import re
from dataclasses import dataclass, field

from .registers import use

_VECTOR = re.compile(r"\bq\d")


@dataclass(frozen=True)
class Op:
    """The instructions whose mnemonic, followed by " q" where an operand is a vector of MVE, the pattern matches whole.

    units: what they occupy, each for one cycle, or for so many as follow a colon: "load:2 load:2 port". latency: cycles
    until an instruction that reads the result can be issued. kind: as in `table.Rule`. alone: nothing is issued in
    the same cycle; ends: nothing behind it. per_cycle: words a cycle of those that move several, alone until they have.
    late: how much later than the issue, in cycles, the sum of a multiplication, or the data of a store, are read.
    free: takes no place among what is issued. stall: further cycles in which nothing is issued.
    """

    pattern: str
    units: str = ""
    latency: int = 1
    kind: str = "other"
    alone: bool = False
    ends: bool = False
    per_cycle: int = 0
    late: int = 0
    free: bool = False
    stall: int = 0

    @functools.cached_property
    def expression(self):
        return re.compile(self.pattern)

    @functools.cached_property
    def occupied(self):
        """[(unit, cycles)]"""
        parts = (part.partition(":") for part in self.units.split())
        return [(name, int(cycles or 1)) for name, _, cycles in parts]


@dataclass(frozen=True)
class Pipeline:
    """The timing of a core that issues in order, up to width instructions a cycle.

    units: unit -> how many there are. address: how much earlier than the rest, in cycles, an address is read.
    mispredicted: cycles of a branch whose direction was guessed wrong, taken as the rarer of its two; where
    nothing guesses (predicts), of one that is taken. narrow: only instructions of 16 bits are issued together.
    source, leaves_out, best: as in `table.Core`.
    """

    name: str
    source: str
    rules: tuple
    width: int
    units: dict
    mispredicted: int
    predicts: bool = True
    address: int = 0
    narrow: bool = False
    leaves_out: str = ""
    best: dict = field(default_factory=dict)

    def __hash__(self):
        return id(self)

    def rule(self, instruction):
        """The first `Op` that fits a `code.Instruction`; a plain one where none does."""
        return self._rule(instruction.mnemonic + (" q" if _VECTOR.search(instruction.operands) else ""))

    @functools.cache
    def _rule(self, text):
        return next((rule for rule in self.rules if rule.expression.fullmatch(text)), Op(""))

    def branch(self, instruction, count, fell):
        """Cycles beyond those of their issue, of count executions of a block's last instruction, fell of which fell through."""
        if self.rule(instruction).free:
            return 0
        taken = max(count - fell, 0)
        return self.mispredicted * (min(taken, fell) if self.predicts else taken)

    def times(self, instructions):
        """Cycles of each of a block's instructions: how much later than it the next is issued.

        A block that branches to itself is told as in the midst of its loop.
        """
        rules = [self.rule(instruction) for instruction in instructions]
        uses = [use(*pair) for pair in zip(instructions, (rule.kind for rule in rules))]
        repeated = instructions[-1].operands.endswith(f"#{instructions[0].address:#x}")
        state, ends = _State(self), []
        for _ in range(3 if repeated else 1):
            times = [state.issue(*each) for each in zip(instructions, rules, uses)]
            state.next_cycle()  # what comes next in the program was not fetched with it
            ends.append(state.cycle)
        begin = ends[-2] if repeated else 0
        # The last has what is left of the block's cycles.
        bounds = [begin, *times[1:], ends[-1]]
        return [after - before for before, after in zip(bounds, bounds[1:])]


class _State:
    """What is under way: the cycle in which the next instruction may be issued, and what it has to wait for."""

    def __init__(self, core):
        self.core, self.cycle, self.issued, self.closed, self.wide = core, 0, 0, False, False
        self.ready = {}  # register -> cycle from which it can be read
        self.busy = {unit: [0] * number for unit, number in core.units.items()}  # cycle from which each is free

    def next_cycle(self, cycle=None):
        """Goes on to cycle, which is later, or to the next."""
        self.cycle, self.issued, self.closed, self.wide = cycle or self.cycle + 1, 0, False, False

    def issue(self, instruction, rule, used):
        """The cycle in which instruction is issued."""
        if rule.free:
            return self.cycle
        core, late = self.core, rule.late
        wanted = [self.ready.get(name, 0) for name in used.read]
        wanted += [self.ready.get(name, 0) + core.address for name in used.address]
        wanted += [self.ready.get(name, 0) - late for name in used.accumulator | used.data]
        wide = core.narrow and instruction.size > 2
        if self.issued and (self.closed or rule.alone or self.issued >= core.width or wide or self.wide):
            self.next_cycle()
        if max(wanted, default=0) > self.cycle:
            self.next_cycle(max(wanted))
        while not self._free(rule):
            self.next_cycle()
        for unit, cycles in rule.occupied:
            free = self.busy[unit]
            free[free.index(min(free))] = self.cycle + cycles
        moving = -(-instruction.words // rule.per_cycle) - 1 if rule.per_cycle and instruction.words else 0
        now, moving = self.cycle, moving + rule.stall
        self.ready |= dict.fromkeys(used.written, now + moving + rule.latency) | dict.fromkeys(used.updated, now)
        self.issued, self.closed, self.wide = self.issued + 1, rule.alone or rule.ends, wide
        if moving:
            self.next_cycle(now + moving + 1)
        return now

    def _free(self, rule):
        need = [unit for unit, _ in rule.occupied]
        return all(sum(since <= self.cycle for since in self.busy[unit]) >= need.count(unit) for unit in set(need))
