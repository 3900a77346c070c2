"""What a kernel's instructions are for: the kinds of the timing tables, with addresses and requantization told apart.

An instruction makes an address where its result goes, directly or by others like it, into that of a load or store; it requantizes
where it is of those that integers of one scale are brought to another by: conversions, saturation, products of twice the width.
"""

import re
from collections import Counter

from ..timing.registers import use

_REQUANTIZES = re.compile(
    r"(?:[su]sat(?:16)?|smm(?:ul|la|ls)r?|[su]mull|[su]mlal|vcvt\w*|vrint\w*|vq\w+|vr?shrn\w*|vrshr\w*|vrshl|vr?mulh|mulh(?:su|u)?|fcvt)(?:\..*)?"
)
_TARGET = re.compile(r"#(0x[0-9a-f]+)$")
_NO_RESULT = frozenset({"flags", "sp"})


def of(estimate, code, core):
    """{address: kind} of the instructions of a `timing.estimate.Estimate`: multiply, load, store, address, branch, requantize, divide, other."""
    functions = {}
    for address in sorted(estimate.lines):
        functions.setdefault(code.function(address), []).append(address)
    result = {}
    for addresses in functions.values():
        found = _Function([code.at(address) for address in addresses], core)
        result |= {address: found.kind(number) for number, address in enumerate(addresses)}
    return result


def cycles(estimate, kinds):
    """kind -> cycles of an estimate, by the kinds of its instructions; the most first."""
    found = Counter()
    for address, line in estimate.lines.items():
        found[kinds[address]] += line.cycles
    return dict(found.most_common())


_LONG = 400  # instructions of a function that is read from its end, which keeps the recursion short


class _Function:
    """Instructions of a function, in the order of their addresses."""

    def __init__(self, instructions, core):
        self.instructions = instructions
        self.kinds = [_kind(each, core) for each in instructions]
        self.uses = [use(each, kind) for each, kind in zip(instructions, self.kinds)]
        self.numbers = {each.address: number for number, each in enumerate(instructions)}
        self.targets = [self._target(number) for number in range(len(instructions))]
        self.makes_address = {}
        if len(instructions) > _LONG:
            for number in reversed(range(len(instructions))):
                self._is_address(number)

    def kind(self, number):
        return "address" if self.kinds[number] == "other" and self._is_address(number) else self.kinds[number]

    def _is_address(self, number):
        if number not in self.makes_address:
            self.makes_address[number] = False  # while it is looked for: a pointer that only counts itself on
            self.makes_address[number] = any(
                self._goes_into_address(name, number) for name in self.uses[number].written - _NO_RESULT
            )
        return self.makes_address[number]

    def _goes_into_address(self, register, number):
        for later in self._after(number):
            uses = self.uses[later]
            if register in uses.address or (register in uses.read and self.kinds[later] == "other" and self._is_address(later)):
                return True
            if register in uses.written:
                return False
        return False

    def _after(self, number):
        """The instructions behind number: to the end of the loop around it and from its begin, then on to the function's end."""
        count = len(self.instructions)
        end = next((n for n in range(number, count) if self.targets[n] is not None and self.targets[n] <= number), None)
        if end is None:
            return range(number + 1, count)
        return [*range(number + 1, end + 1), *range(self.targets[end], number), *range(end + 1, count)]

    def _target(self, number):
        """Where the branch at number goes, or None."""
        found = _TARGET.search(self.instructions[number].operands) if self.kinds[number] == "branch" else None
        return self.numbers.get(int(found[1], 16)) if found else None


def _kind(instruction, core):
    kind = core.rule(instruction).kind
    return (
        "requantize"
        if kind == "convert" or (kind in ("multiply", "other") and _REQUANTIZES.fullmatch(instruction.mnemonic))
        else kind
    )
