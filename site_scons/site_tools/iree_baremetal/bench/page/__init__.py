"""The result of ``bench`` as one HTML page, to be shown to a colleague: one file without scripts, for screens and paper."""

from pathlib import Path

from ...formats.onnx.quantization import report
from . import arena, figures, layers, loops, memory
from .markup import Markup, joined, tag

_STYLE = Path(__file__).with_name("style.css")


def page(content, before=None):
    """The page for what ``bench`` writes as JSON. before: that of another run, shown beside it, or None."""
    first = content["records"][0]
    title = f"{first['model']} on {first['board']}, deploy={first['deploy']}"
    body = [tag("h1", title), figures.cards(content, before)]
    for number, record in enumerate(content["records"]):
        body += _record(record, _counterpart(record, number, before), len(content["records"]) > 1)
    body += [*_quantization(content), memory.regions(content["memory"]), _footer(content)]
    head = tag(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
    )
    head = head.replace("</head>", f"<style>\n{_STYLE.read_text()}</style></head>")
    return f"<!DOCTYPE html>\n{tag('html', Markup(head), tag('body', tag('main', *body)), lang='en')}\n"


def _record(record, before, has_others):
    if has_others:
        yield tag("h2", f"Function {record['function']}")
    yield layers.table(record, before)
    yield loops.hottest(record)
    yield arena.over_time(record)


def _counterpart(record, number, before):
    """The record of the same function in before, or that in the same place, or None."""
    others = before["records"] if before else []
    return next(
        (other for other in others if other.get("function") == record["function"]),
        others[number] if number < len(others) else None,
    )


def _quantization(content):
    """What quantize= cost, beside the float model; nothing for a model that it did not make."""
    if cost := content.get("quantization"):
        yield tag(
            "section",
            tag("h2", "Beside the float model"),
            tag("pre", f"{cost['table']}\n\n{report.text(cost['answers'])}", tabindex="0"),
        )


def _footer(content):
    first = content["records"][0]
    notes = [f"iree-base-compiler {content['compiler']}."]
    if first["unit"] == "instructions":
        notes.append("Instructions are counted in an emulator, exactly.")
    elif first["unit"] == "cycles":
        off = f", {100 * first['error']:+.1f} % off" if first["error"] is not None else ""
        notes.append(f"Cycles are measured on the part, by its counter; beside them the estimate{off}.")
    else:
        notes.append("Times of one run on this machine.")
    if timing := first["timing"]:
        notes.append(
            f"Cycles are estimated for {timing['core']}: {timing['source']}. Left out: {timing['leaves_out'] or 'nothing that is known'}."
        )
    elif first["no_cycles"]:
        notes.append(f"No cycles: {first['no_cycles']}.")
    return tag("footer", joined(*(tag("p", note) for note in notes)))
