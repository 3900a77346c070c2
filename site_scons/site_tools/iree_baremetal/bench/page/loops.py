"""Where a kernel's cycles go: by kind of instruction, and its hottest loops, instruction by instruction."""

from .markup import bar, folded, joined, scrolled, stacked, table, tag


def hottest(record):
    """A fold for each kernel whose cycles are known, the costliest first; nothing where none are."""
    rows = sorted((row for row in record["kernels"] if row.get("kinds")), key=lambda row: -row["cycles"])
    if not rows:
        return joined()
    return tag("section", tag("h2", "Where the cycles go"), *(_kernel(row, record["cycles"] or 1) for row in rows))


def _kernel(row, whole):
    kinds = sorted(row["kinds"].items(), key=lambda item: -item[1])
    content = [tag("p", tag("code", row["kernel"])), stacked(kinds), *(_loop(row, loop) for loop in row["loops"])]
    return folded(f"{row['layer']}: {100 * row['cycles'] / whole:.1f} %, {row['cycles']:,} cycles", *content)


def _loop(row, loop):
    top = max(line[2] for line in loop["lines"]) or 1
    told = f"{100 * loop['share']:.0f} % of its cycles in this loop of {len(loop['lines'])} instructions:"
    heads = ["address", "executions", "cycles", "", "kind", "instruction"]
    return joined(
        tag("p", told),
        scrolled(table(heads, [_line(line, top) for line in loop["lines"]], class_="code"), f"loop of {row['layer']}"),
    )


def _line(line, top):
    address, executions, cycles, text, kind = line
    where = tag("td", f"{address:#x}", data_name="address", class_="mono")
    return [where, executions, cycles, tag("td", bar(cycles / top), class_="wide"), kind, tag("td", text, class_="mono text")]
