"""The numbers at the top of the page, beside those of another run where there is one."""

from .. import compare
from .markup import joined, table, tag

_UNITS = {"cycles": "cycles", "instructions": "instructions"}
_BYTES = {"flash": "flash", "ram": "RAM", "stack": "peak stack"}


def cards(content, before=None):
    """What an inference takes, and the firmware of bench."""
    measures = compare.measures(content)
    shown = [(name, number) for name, number in measures.items() if name in _UNITS][::-1]
    shown += [(name, number) for name, number in measures.items() if name not in _UNITS]
    how = "" if content["records"][0].get("measured") else ", estimated"
    cards = [
        _card(_UNITS[name] + how if name == "cycles" else _UNITS.get(name, f"{_BYTES.get(name, name)}, bytes"), number)
        for name, number in shown
    ]
    first = content["records"][0]
    if first["milliseconds"]:
        cards.insert(0, _card(f"ms at {first['clock'] / 1e6:g} MHz", f"{first['milliseconds']:,.3g}"))
    figures = tag("dl", *cards, class_="figures")
    return joined(figures, _beside(before, measures)) if before else figures


def _card(name, number):
    return tag("div", tag("dt", name), tag("dd", number))


def _beside(before, after):
    before = compare.measures(before)
    rows = [
        [name, before[name], after[name], ratio(before[name], after[name])]
        for name in compare.MEASURES
        if name in before and name in after
    ]
    return tag("section", tag("h2", "Beside the other run"), table(["", "before", "now", "ratio"], rows, class_="beside"))


def ratio(before, after):
    """A cell: after by before, coloured where that is more or less than 1."""
    if not before or after is None:
        return tag("td", "–", data_name="ratio")
    way = "more" if after > before else "less" if after < before else None
    return tag("td", f"{after / before:.3f}", class_=way, data_name="ratio")
