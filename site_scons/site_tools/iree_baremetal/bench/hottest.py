"""Where a kernel's cycles go: its hottest innermost loops, instruction by instruction."""

import re

_TARGET = re.compile(r"#(0x[0-9a-f]+)$")
_BRANCH = re.compile(r"(?:b(?:eq|ne|hs|cs|lo|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?|cbn?z|le|letp)(?:\.w|\.n)?")


def loops(estimate, code, most=2, least=0.1):
    """The innermost loops with the most cycles: [{"function", "share", "cycles", "lines"}], at most so many.

    Those below the share least of all cycles are left out. lines: [address, executions, cycles, text] of each
    instruction in turn.
    """
    total, found = estimate.cycles or 1, []
    ranges = _loops(estimate, code)
    for start, end in ranges:
        if any((start, end) != other and start <= other[0] and other[1] <= end for other in ranges):
            continue  # another is within
        lines = [address for address in sorted(estimate.lines) if start <= address <= end]
        cycles = sum(estimate.lines[address].cycles for address in lines)
        if cycles >= least * total:
            text = [[a, estimate.lines[a].executions, estimate.lines[a].cycles, str(code.at(a))] for a in lines]
            found.append({"function": code.function(start), "share": round(cycles / total, 4), "cycles": cycles, "lines": text})
    return sorted(found, key=lambda loop: -loop["cycles"])[:most]


def _loops(estimate, code):
    """{(first, last)}: from the target of each branch backwards to the branch, within a function."""
    found = set()
    for address in estimate.lines:
        instruction = code.at(address)
        target = _TARGET.search(instruction.operands)
        if not target or not _BRANCH.fullmatch(instruction.mnemonic):
            continue
        start = int(target[1], 16)
        if start <= address and start in estimate.lines and code.function(start) == code.function(address):
            found.add((start, address))
    return found


def text(record):
    """The hottest loops of every kernel of a record, as lines."""
    lines = []
    for row in record["kernels"]:
        for loop in row.get("loops", ()):
            lines.append(f"{row['kernel']}: {loop['share']:.0%} of its cycles in this loop of {loop['function']}")
            lines += [f"  {address:#10x} {executions:>12,} x {cycles:>12,}  {words}" for address, executions, cycles, words in loop["lines"]]
    return "\n".join(lines)
