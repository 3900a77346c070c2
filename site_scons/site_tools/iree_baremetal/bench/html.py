"""The result of ``bench`` as one self-contained HTML page: a memory map and a bar for each kernel."""

from html import escape

from ..formats.onnx.quantization import report

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #222; background: #fff; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
td, th {{ padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }}
td:first-child, th:first-child {{ text-align: left; overflow: hidden; text-overflow: ellipsis; max-width: 26rem; }}
td.bar {{ width: 30%; padding: .2rem 0; }} td.bar div {{ background: #3b7dd8; height: .8rem; }}
.map {{ display: flex; height: 2.2rem; border: 1px solid #888; overflow: hidden; }}
.map div {{ min-width: 1px; }} .key span {{ margin-right: 1rem; white-space: nowrap; }} .key i {{ display: inline-block; width: .8rem; height: .8rem; }}
footer {{ margin-top: 2rem; color: #666; }}
</style></head><body><h1>{title}</h1>
{body}
<footer>iree-base-compiler {compiler}. {note}</footer></body></html>
"""

_COLOURS = {
    "kernels": "#3b7dd8",
    "weights": "#7b5cc4",
    "generated code": "#2a9d8f",
    "host program": "#7b5cc4",
    "runtime": "#c9ada7",
    "support code": "#8ab17d",
    "application": "#e9c46a",
    "libraries": "#f4a261",
    "arena": "#3b7dd8",
    "stack": "#e76f51",
    "heap": "#b5179e",
    "alignment": "#aaaaaa",
    "free": "#eeeeee",
}


def page(content):
    """The page for what ``bench`` writes as JSON: compiler, records, memory (`report.memory`'s JSON, or {})."""
    records = content["records"]
    first = records[0]
    note = "Counts are exact and come from an emulator: instructions, neither cycles nor time."
    return _PAGE.format(
        title=escape(f"{first['model']} on {first['board']}, deploy={first['deploy']}"),
        body="\n".join([*map(_record, records), *_quantization(content), *map(_region, _regions(content["memory"]))]),
        compiler=escape(content["compiler"]),
        note=note if first["unit"] == "instructions" else "Times of one run on this machine.",
    )


def _quantization(content):
    """What quantize= cost, beside the float model; [] for a model that it did not make."""
    cost = content.get("quantization")
    return [f"<h2>Beside the float model</h2><pre>{escape(cost['table'])}\n\n{escape(report.text(cost['answers']))}</pre>"] if cost else []


def _record(record):
    rows = [(r["kernel"].replace("$async", ""), r["count"], r["macs"]) for r in record["kernels"]]
    if record["glue"] is not None:
        rows.append(("glue between the kernels", record["glue"], 0))
    top = max((count for _, count, _ in rows), default=1) or 1
    lines = [f"<h2>{escape(record['function'])}: {record['count']:,} {record['unit']} an inference</h2>"]
    lines.append(
        f"<p>{record['macs']:,} multiply-accumulates, {record['count_per_mac'] or '–'} {record['unit']} each. "
        f"Weights {record['weights']:,}, arena {record['arena']:,}, state {record['state']:,}, "
        f"peak stack {record['stack_peak']:,}, peak heap {record['heap_peak']:,} bytes.</p>"
    )
    lines.append(f"<table><tr><th>kernel</th><th>{record['unit']}</th><th></th><th>MACs</th><th>per MAC</th></tr>")
    for name, count, work in rows:
        per_mac = f"{count / work:.2f}" if work else ""
        lines.append(
            f"<tr><td title='{escape(name)}'>{escape(name)}</td><td>{count:,}</td>"
            f"<td class='bar'><div style='width:{100 * count / top:.1f}%'></div></td>"
            f"<td>{f'{work:,}' if work else ''}</td><td>{per_mac}</td></tr>"
        )
    return "\n".join([*lines, "</table>"])


def _regions(memory):
    """(name, size, categories) of each region that is used."""
    for name, region in memory.get("regions", {}).items():
        if region["used"]:
            yield name, region["size"], region["categories"]


def _region(region):
    name, size, categories = region
    used = sum(categories.values())
    parts = [*categories.items(), ("free", max(size - used, 0))]
    whole = max(size, used)
    # A small firmware in a large memory would be a sliver: then the map shows what is used.
    shown = parts if used * 4 > size else parts[:-1]
    scale = whole if used * 4 > size else used
    bars = "".join(f"<div style='width:{100 * n / scale:.2f}%;background:{_COLOURS[c]}' title='{c}: {n:,}'></div>" for c, n in shown)
    key = "".join(f"<span><i style='background:{_COLOURS[c]}'></i> {c} {n:,}</span>" for c, n in parts)
    title = f"{escape(name)}: {used:,} of {size:,} bytes ({100 * used / size:.1f} %)"
    return f"<h2>{title}</h2><div class='map'>{bars}</div><p class='key'>{key}</p>"
