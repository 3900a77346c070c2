"""The table of a sweep: fronts, CSV, text, page."""

import csv
import io
import json
import random
from html.parser import HTMLParser

from iree_baremetal.sweep import page, table


def row(model="m.onnx", setting="s", failed="", **fields):
    return {"model": model, "board": "b", "setting": setting, "failed": failed, **dict.fromkeys(table.COLUMNS), **fields}


def numbers(flash, ram, cycles, accuracy=None, **more):
    return row(flash=flash, ram=ram, cycles=cycles, instructions=cycles, accuracy=accuracy, **more)


def fronts(rows):
    return [(r["front"], r["front_of_all"]) for r in table.with_fronts(rows)]


def test_front():
    rows = [numbers(10, 10, 10), numbers(11, 10, 10), numbers(9, 99, 99), numbers(10, 10, 9), numbers(10, 10, 9)]
    assert [front for front, _ in fronts(rows)] == [False, False, True, True, True]


def test_accuracy_is_the_other_way_round():
    assert [f for f, _ in fronts([numbers(10, 10, 10, 0.9), numbers(20, 20, 20, 0.95), numbers(20, 20, 20, 0.8)])] == [
        True,
        True,
        False,
    ]


def test_of_a_model_and_of_all():
    assert fronts([numbers(10, 10, 10), numbers(9, 9, 9, model="other.onnx")]) == [(True, False), (True, True)]


def test_what_failed_is_on_no_front():
    assert fronts([row(failed="too big"), numbers(1, 1, 1)]) == [(False, False), (True, True)]


def test_instructions_where_there_are_no_cycles():
    rows = [row(flash=1, ram=1, instructions=5), row(flash=1, ram=1, instructions=6)]
    assert [front for front, _ in fronts(rows)] == [True, False]


def test_against_the_definition():
    """Each row on the front is beaten by none, each other one by some row on the front."""
    generator = random.Random(0)
    rows = [numbers(*(generator.randrange(6) for _ in range(3)), generator.randrange(6) / 5) for _ in range(200)]
    marked = table.with_fronts(rows)

    def beats(a, b):
        pairs = [(a[k], b[k]) for k in ("flash", "ram", "cycles")] + [(-a["accuracy"], -b["accuracy"])]
        return all(x <= y for x, y in pairs) and any(x < y for x, y in pairs)

    front = [r for r in marked if r["front"]]
    for r in marked:
        assert r["front"] == (not any(beats(other, r) for other in front))


def test_csv_and_json():
    rows = table.with_fronts([numbers(1, 2, 3, 0.5), row(failed='it said "no",\nand more')])
    read = list(csv.DictReader(io.StringIO(table.as_csv(rows))))
    assert (read[0]["flash"], read[0]["accuracy"], read[0]["front"], read[0]["cycles"]) == ("1", "0.5", "1", "3")
    assert read[1]["failed"] == 'it said "no",\nand more' and read[1]["flash"] == ""
    assert json.loads(table.as_json(rows, grid="g"))["rows"] == rows


def test_text():
    said = table.text(table.with_fronts([numbers(1234, 2, 3, 0.5), numbers(9999, 9, 9), row(failed="too big\nby far")]))
    assert "1,234" in said and "50.0 %" in said and "9,999" not in said
    assert "failed: m.onnx on b, s: too big\n" in said and "3 built, 1 failed" in said


def test_page():
    class Cells(HTMLParser):
        rows = 0

        def handle_starttag(self, name, attributes):
            self.rows += name == "tr"

    text, parser = page.page("a <title>", table.with_fronts([numbers(1234, 2, 3), row(model="<b>", failed="a & b")])), Cells()
    parser.feed(text)
    assert (
        parser.rows == 3
        and "a &lt;title&gt;" in text
        and "&lt;b&gt;" in text
        and "a &amp; b" in text
        and 'data-value="1234"' in text
    )
