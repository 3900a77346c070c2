"""Two results of ``bench`` beside each other, and a result against a budget: for people, and for continuous integration."""

import json
import re
from pathlib import Path

from ..errors import BaremetalError

# What is compared, in this order; the same names serve budget=.
MEASURES = ("flash", "ram", "kernels", "weights", "arena", "stack", "instructions", "cycles")
_SCALE = {"": 1, "k": 1024, "M": 1024**2}
_COUNTED = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


def read(path):
    """What ``bench`` wrote to path; a `BaremetalError` where that is something else."""
    try:
        content = json.loads(Path(path).read_text())
        measures(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaremetalError(f"compare={path}: not what bench writes, a …_bench.json: {error}") from error
    return content


def measures(content):
    """measure -> number, of what ``bench`` writes as JSON: bytes, and counts of one call of each function, added up.

    flash and ram are those of the whole firmware of bench, by the access of the regions. What is not known is left out.
    """
    records, regions = content["records"], content["memory"].get("regions", {}).values()
    found = {
        "flash": sum(region["used"] for region in regions if "w" not in region["access"]),
        "ram": sum(region["used"] for region in regions if "w" in region["access"]),
        "kernels": sum(region["categories"].get("kernels", 0) for region in regions),
        "weights": max(record["weights"] for record in records),
        "arena": max(record["arena"] for record in records),
        "stack": max(record["stack_peak"] for record in records),
    }
    for name in ("instructions", "cycles"):
        counts = [record.get("measured") or record[name] if name == "cycles" else record[name] for record in records]
        if counts and None not in counts:
            found[name] = sum(counts)
    return {name: number for name, number in found.items() if number or name in ("instructions", "cycles")}


def text(before, after, names=("before", "now")):
    """Both contents as a table with the ratio of each measure."""
    one, other = measures(before), measures(after)
    lines = [f"{'':<14}{names[0]:>14}{names[1]:>14}  ratio"]
    for name in MEASURES:
        if name in one and name in other:
            ratio = f"{other[name] / one[name]:.3f}" if one[name] else "–"
            lines.append(f"{name:<14}{one[name]:>14,}{other[name]:>14,}  {ratio}")
    return "\n".join(lines)


def parse_budget(text):
    """{"flash": 65536, "cycles": "+2%"} from "flash=64K,cycles=+2%": bytes, counts, or more than compare= by so much."""
    result = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        scale = _COUNTED if name in ("instructions", "cycles") else _SCALE
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([kKMG]?)", value)
        suffix = found[2].replace("K", "k") if found else ""
        if name not in MEASURES or not (re.fullmatch(r"\+\d+(?:\.\d+)?%", value) or found and suffix in scale):
            raise BaremetalError(
                f"budget={text}: '{part}' is no limit, as in flash=64K, ram=20K, cycles=5M, or cycles=+2% of compare=; "
                f"what has limits: {', '.join(MEASURES)}."
            )
        result[name] = float(found[1]) * scale[suffix] if found else value
    return result


def checked(text, other):
    """The budget of text, as from `parse_budget`. other: the path of compare=, or "". A `BaremetalError` where it is
    no file, or the budget wants it and it is not given."""
    budget = parse_budget(text)
    if other and not Path(other).is_file():
        raise BaremetalError(f"compare={other}: no such file; it is the _bench.json of another run.")
    for name, limit in budget.items():
        if isinstance(limit, str) and not other:
            raise _no_base(name, limit)
    return budget


def _no_base(name, limit):
    return BaremetalError(f"budget={name}={limit} is a share of what compare= says: give compare=, a …_bench.json with {name}.")


def exceeded(content, budget, before=None):
    """A message for each measure of content that is above budget, as from `parse_budget`. before: compare='s content."""
    found, messages = measures(content), []
    for name, limit in budget.items():
        if name not in found:
            messages.append(f"budget: {name} is not known here, so it cannot be kept to a limit.")
            continue
        of = ""
        if isinstance(limit, str):
            if before is None or name not in measures(before):
                raise _no_base(name, limit)
            base = measures(before)[name]
            limit, of = base * (1 + float(limit[1:-1]) / 100), f", {limit} of {base:,}"
        if found[name] > limit:
            messages.append(f"budget: {name} is {found[name]:,}, above {limit:,.0f}{of}.")
    return messages
