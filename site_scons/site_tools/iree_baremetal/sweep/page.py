"""A sweep as one HTML page: a table that sorts by a click on its heads, and hides what is on no front."""

from pathlib import Path

from ..bench.page.markup import Markup, tag
from . import table

_STYLE = (Path(__file__).parents[1] / "bench/page/style.css").read_text()
_OWN = """
table.sweep th { cursor: pointer; white-space: nowrap }
table.sweep tr.front td:first-child::before { content: "● " }
table.sweep tr.all td:first-child::before { content: "★ " }
table.sweep td.number { text-align: right; font-variant-numeric: tabular-nums }
body.only tbody tr:not(.front) { display: none }
"""
_SCRIPT = """
document.querySelectorAll("table.sweep th").forEach((head, column) => {
  let up = 1;
  const sort = () => {
    const body = head.closest("table").tBodies[0];
    const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const value = row => key(row) === "" ? Infinity : isNaN(key(row)) ? key(row) : Number(key(row));
    [...body.rows].sort((a, b) => value(a) < value(b) ? -up : value(a) > value(b) ? up : 0).forEach(row => body.append(row));
    up = -up;
  };
  head.addEventListener("click", sort);
  head.addEventListener("keydown", event => event.key === "Enter" && sort());
});
document.querySelector("#only").addEventListener("change", event => document.body.classList.toggle("only", event.target.checked));
"""


def page(title, rows):
    """rows: as from `table.with_fronts`."""
    heads = ("model", "board", "setting", *table.COLUMNS, "failed")
    head = tag("thead", tag("tr", *(tag("th", name, scope="col", tabindex="0") for name in heads)))
    body = tag("tbody", *(_row(row) for row in rows))
    note = (
        "● is on the Pareto front of its model, ★ on that of all: nothing else has less flash, RAM and cycles at no less accuracy. Sizes in "
        "bytes: flash is code and weights, RAM arena, state and stack; cycles are estimated, instructions counted. A click on a head sorts."
    )
    only = tag("label", Markup('<input type="checkbox" id="only"> '), "only fronts")
    main = tag("main", tag("h1", title), tag("p", note), tag("p", only), tag("table", head, body, class_="sweep"))
    style = Markup(
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><style>\n{_STYLE}{_OWN}</style>'
    )
    script = Markup(f"<script>{_SCRIPT}</script>")
    return f"<!DOCTYPE html>\n{tag('html', tag('head', style, tag('title', title)), tag('body', main, script), lang='en')}\n"


def _row(row):
    texts = [tag("td", row[name]) for name in ("model", "board", "setting")]
    numbers = [
        tag("td", table.shown_number(row[name], name), class_="number", data_value="" if row[name] is None else row[name])
        for name in table.COLUMNS
    ]
    kinds = " ".join(kind for kind, is_so in (("front", row["front"]), ("all", row["front_of_all"])) if is_so)
    return tag("tr", *texts, *numbers, tag("td", row["failed"]), class_=kinds or None)
