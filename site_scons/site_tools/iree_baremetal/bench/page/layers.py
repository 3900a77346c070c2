"""The layers as a table, with a bar for what each takes: cycles where they are measured or estimated, else what is counted."""

from collections import defaultdict

from .. import layers
from . import markup
from .figures import ratio
from .markup import tag


def table(record, before=None):
    """before: the record of another run, shown beside this one layer by layer, or None."""
    measured, timed = record.get("measured"), record["cycles"] is not None
    cost, name = ("cycles", "cycles") if timed and not measured else ("count", record["unit"])
    beside, other_name = ("cycles", "estimated") if measured else ("count", record["unit"])
    rows = [*record["kernels"], *_glue(record)] or [_whole(record)]
    top, whole = max(row[cost] for row in rows) or 1, record[cost] or 1
    heads = ["layer", "", name, "share"]
    others = _paired(rows, before, cost) if before else None
    if others:
        heads += ["before", "ratio"]
    if timed:
        heads.append(other_name)
    heads += ["MACs", f"{name} per MAC", *(["possible"] if timed else []), "arena in use"]
    lines = []
    for number, row in enumerate(rows):
        line = [
            _name(row),
            markup.tag("td", markup.bar(row[cost] / top), class_="wide"),
            row[cost],
            f"{100 * row[cost] / whole:.1f} %",
        ]
        if others:
            line += [others[number], ratio(others[number], row[cost])]
        if timed:
            line.append(row[beside])
        line += [row["macs"] or None, f"{row[cost] / row['macs']:.2f}" if row["macs"] else None]
        lines.append([*line, *([_possible(row)] if timed else []), row["arena"]])
    return tag("section", tag("h2", f"Layers: {whole:,} {name} an inference"), markup.table(heads, lines, class_="layers"))


def _glue(record):
    if record["glue"] is not None:
        yield {
            **_whole(record),
            "layer": "glue between the kernels",
            "count": record["glue"],
            "cycles": record["glue_cycles"],
            "macs": 0,
        }


def _whole(record):
    """A row for all, where kernels cannot be told apart."""
    return {
        "layer": "all",
        "kernel": "",
        "count": record["count"],
        "cycles": record["cycles"],
        "macs": record["macs"],
        "arena": None,
    }


def _possible(row):
    """Cycles a MAC of the best inner loop that is known; on pointing, which that is."""
    best = row.get("possible")
    return tag("td", f"{best:.2f}", title=row["best_loop"]) if best else None


def _name(row):
    named = [f"{node['operator']} {node['name']}".strip() for node in row.get("nodes", ())]
    return tag("td", row["layer"], title="\n".join(filter(None, [row["kernel"], *named])) or None, class_="name")


def _paired(rows, before, cost):
    """What each row took in before, those of one name in their order; None where it is not there."""
    waiting = defaultdict(list)
    for row in [*before["kernels"], *_glue(before)]:
        waiting[_identity(row)].append(row.get(cost))
    return [waiting[_identity(row)].pop(0) if waiting[_identity(row)] else None for row in rows]


def _identity(row):
    """What a layer is known by: the name of its first node, which other formats and other fusions keep."""
    if named := layers.named(row.get("nodes", [])):
        return named[0]["rest"], named[0]["name"].partition(";")[0] or row["layer"]
    return row.get("layer", row["kernel"])
