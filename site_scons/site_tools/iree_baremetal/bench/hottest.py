"""Where a kernel's cycles go: its hottest innermost loops, instruction by instruction."""

import re

_TARGET = re.compile(r"#(0x[0-9a-f]+)$")
_BRANCH = re.compile(r"(?:b(?:eq|ne|hs|cs|lo|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?|cbn?z|le|letp)(?:\.w|\.n)?")


def loops(estimate, code, kinds, most=2, least=0.1):
    """The innermost loops with the most cycles: [{"function", "share", "cycles", "lines"}], at most so many.

    Those below the share least of all cycles are left out. kinds: as from `kinds.of`. lines: [address, executions, cycles,
    text, kind] of each instruction in turn.
    """
    total, found = estimate.cycles or 1, []
    ranges = _loops(estimate, code)
    for start, end in ranges:
        if any((start, end) != other and start <= other[0] and other[1] <= end for other in ranges):
            continue  # another is within
        lines = [address for address in sorted(estimate.lines) if start <= address <= end]
        cycles = sum(estimate.lines[address].cycles for address in lines)
        if cycles >= least * total:
            text = [[a, estimate.lines[a].executions, estimate.lines[a].cycles, str(code.at(a)), kinds[a]] for a in lines]
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
    """Where the cycles of every kernel of a record go, as lines, the costliest kernel first."""
    lines = []
    for row in sorted(record["kernels"], key=lambda row: -(row["cycles"] or 0)):
        if not row.get("kinds"):
            continue
        shares = ", ".join(f"{kind} {cycles / (row['cycles'] or 1):.1%}" for kind, cycles in row["kinds"].items())
        lines += [f"{row['layer']}: {row['cycles']:,} cycles: {shares}", f"  {row['kernel']}"]
        for loop in row["loops"]:
            lines += [f"  {loop['share']:.0%} in this loop:", f"  {'address':>10} {'executions':>12} {'cycles':>12}  kind"]
            lines += [f"  {line[0]:#10x} {line[1]:>12,} {line[2]:>12,}  {line[4]:<10}  {line[3]}" for line in loop["lines"]]
        lines.append("")
    return "\n".join(lines)
