"""The page of bench: well formed, on its own, and true to the JSON; how a browser shows it is test/live/test_page_in_browser.py."""

import copy
import re
from html.parser import HTMLParser

import pytest
from iree_baremetal.bench.page import markup, page
from iree_baremetal.report import memory

VOID = {"meta"}


def kernel(name, cycles, layer=None, dispatch_loops=(), **changed):
    row = {
        "kernel": name,
        "layer": layer or name,
        "nodes": [],
        "count": cycles // 2,
        "instructions": cycles // 2,
        "macs": 100,
        "arena": 64,
    }
    return row | {"cycles": cycles, "kinds": {"load": cycles - 10, "address": 10}, "loops": list(dispatch_loops)} | changed


LOOP = {
    "function": "k",
    "share": 0.8,
    "cycles": 80,
    "lines": [[0x8000, 10, 60, "ldr r0, [r1]", "load"], [0x8002, 10, 20, "bne #0x8000", "branch"]],
}
OVER_TIME = {
    "steps": [
        {"kind": "fill", "dispatch": None, "reads": [], "writes": [0], "used": 32},
        {"kind": "dispatch", "dispatch": 0, "reads": [0], "writes": [1], "used": 96},
        {"kind": "dispatch", "dispatch": 1, "reads": [1], "writes": [], "used": 80},
    ],
    "buffers": [
        {"offset": 0, "size": 32, "first": 0, "last": 1, "scratch": False},
        {"offset": 32, "size": 64, "first": 1, "last": 2, "scratch": False},
        {"offset": 0, "size": 16, "first": 2, "last": 2, "scratch": True},
    ],
    "peak": 1,
}


def content(**changed):
    record = {
        "model": "net", "function": "run", "board": "stm32f4", "deploy": "direct", "unit": "instructions", "count": 160,
        "instructions": 160, "cycles": 320, "timing": {"core": "Cortex-M4", "source": "a manual", "leaves_out": "much"}, "no_cycles": "",
        "clock": 1e8, "milliseconds": 0.0032, "kernels": [kernel("a", 100, "Conv first", [LOOP]), kernel("b", 200, "Conv second")],
        "glue": 10, "glue_cycles": 20, "macs": 200, "weights": 500, "arena": 96, "state": 0, "over_time": OVER_TIME, "stack_peak": 90, "heap_peak": 0,
    }  # fmt: skip
    regions = {"FLASH": {"size": 4000, "used": 1000, "access": "rx", "categories": {"kernels": 600, "weights": 400}}}
    return {"compiler": "3.13.0", "records": [record | changed], "memory": {"regions": regions}}


class Read(HTMLParser):
    """What a page says, and whether each element is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.said = [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, text):
        if self.open[-1:] != ["style"]:
            self.said.append(text)

    def cells(self, name):
        """The text of the row that begins with name."""
        start = self.said.index(name)
        return self.said[start : start + 12]


def test_it_stands_alone():
    text = page(content())
    found = Read(text)
    assert not {"script", "link", "img", "iframe"} & {name for name, _ in found.elements}
    assert not any({"href", "src", "onclick"} & set(attributes) for _, attributes in found.elements)
    assert "http" not in text and "url(" not in text and "@import" not in text


def test_layers_have_their_names_cycles_and_bars():
    found = Read(page(content()))
    assert found.cells("Conv second")[1:8] == ["200", "62.5 %", "100", "100", "2.00", "64", "glue between the kernels"]
    bars = [a["style"] for name, a in found.elements if name == "div" and "style" in a]
    assert bars[:3] == ["width:50.00%", "width:100.00%", "width:10.00%"]


def test_without_cycles_what_is_counted_makes_the_bars():
    made = content(cycles=None, timing=None, no_cycles="there is no table", glue_cycles=None, milliseconds=None, clock=None)
    for row in made["records"][0]["kernels"]:
        row |= {"cycles": None}
        del row["kinds"], row["loops"]
    found = Read(page(made))
    assert "No cycles: there is no table." in found.said and "Where the cycles go" not in found.said
    assert found.cells("Conv first")[1:4] == ["50", "31.2 %", "100"]


def test_kernels_that_cannot_be_told_apart():
    made = content(kernels=[], glue=None, glue_cycles=None, over_time={"steps": [], "buffers": [], "peak": None})
    found = Read(page(made))
    assert found.cells("all")[1] == "320" and not any(said.startswith("Arena over time") for said in found.said)


def test_the_hottest_loops_are_folded_the_costliest_kernel_first():
    found = Read(page(content()))
    folds = [said for said in found.said if said.startswith("Conv") and said.endswith("cycles")]
    assert folds == ["Conv second: 62.5 %, 200 cycles", "Conv first: 31.2 %, 100 cycles"]
    assert found.cells("0x8002")[:5] == ["0x8002", "10", "20", "branch", "bne #0x8000"]
    assert not any("open" in attributes for name, attributes in found.elements if name == "details")


def test_the_arena_is_drawn_to_scale():
    text = page(content())
    boxes = re.findall(
        r"<g><title>([^<]*)</title><rect x=\"([\d.]+)\" y=\"([\d.]+)\" width=\"([\d.]+)\" height=\"([\d.]+)\"", text
    )
    named = {title.splitlines()[0]: tuple(map(float, box)) for title, *box in boxes}
    assert list(named) == ["for Conv first", "Conv first", "scratch of Conv second"]
    padded, first, scratch = named.values()
    assert first[3] == pytest.approx(2 * padded[3], abs=0.11) and first[2] == pytest.approx(padded[2], abs=0.11)
    assert padded[1] == pytest.approx(first[1] + first[3], abs=0.11)  # addresses go upwards
    assert scratch[0] == pytest.approx(padded[0] + padded[2], abs=0.11) and scratch[2] == pytest.approx(padded[2] / 2, abs=0.11)
    assert "Most is in use in step 2 of 3, Conv first: 96 of the arena&#x27;s 96 bytes." in text


def test_beside_another_run():
    before = content(kernels=[kernel("other name", 400, "Conv second"), kernel("a", 50, "Conv first")], cycles=640)
    found = Read(page(content(), before))
    assert found.cells("Conv first")[1:5] == ["100", "31.2 %", "50", "2.000"]
    assert found.cells("Conv second")[1:5] == ["200", "62.5 %", "400", "0.500"]
    start = len(found.said) - 1 - found.said[::-1].index("cycles per MAC")
    assert "640" in found.said[:start] and found.cells("Beside the other run")[1:4] == ["before", "now", "ratio"]
    ways = [attributes.get("class") for _, attributes in found.elements if attributes.get("data-name") == "ratio"]
    assert {"more", "less"} < set(ways)


def test_layers_of_one_name_are_paired_in_their_order():
    now = content(kernels=[kernel("a", 100, "Softmax y"), kernel("b", 200, "Softmax y")])
    before = content(kernels=[kernel("a", 10, "Softmax y")])
    found = Read(page(now, before))
    first = found.said.index("Softmax y")
    second = found.said.index("Softmax y", first + 1)
    assert found.said[first + 3 : first + 5] == ["10", "10.000"] and found.said[second + 3] == "–"


def node(operator, name, rest=False):
    return {"operator": operator, "name": name, "rest": rest}


def test_layers_are_paired_by_their_first_node_whatever_its_format_and_fusion():
    now = [kernel("a", 100, "Conv x + Relu y", nodes=[node("QuantizeLinear", "q"), node("Conv", "x"), node("Relu", "y")])]
    now.append(kernel("m", 20, "copy for Conv x", nodes=[node("Conv", "x", True)]))
    before = [
        kernel("c", 40, "copy for CONV_2D x", nodes=[node("CONV_2D", "x;w", True)]),
        kernel("b", 10, "CONV_2D x", nodes=[node("CONV_2D", "x;w")]),
    ]
    found = Read(page(content(kernels=now), content(kernels=before)))
    assert found.cells("Conv x + Relu y")[3:5] == ["10", "10.000"] and found.cells("copy for Conv x")[3:5] == ["40", "0.500"]


def test_another_run_of_an_older_version():
    before = content()
    for row in before["records"][0]["kernels"]:
        for key in ("layer", "nodes", "arena", "kinds", "loops"):
            del row[key]
    del before["records"][0]["over_time"]
    assert "Beside the other run" in page(content(), before)


def test_names_are_text_whatever_they_hold():
    hostile = "</title><script>alert('1')</script>\" onload=\"&amp;"
    made = content(
        model=hostile,
        function=hostile,
        kernels=[kernel(hostile, 100, hostile, [LOOP | {"lines": [[0, 1, 1, hostile, "load"]]}])] * 2,
    )
    made["records"].append(copy.deepcopy(made["records"][0]))
    found = Read(page(made))
    assert not any(name == "script" or "onload" in attributes for name, attributes in found.elements)
    assert hostile in found.said


def test_every_part_has_a_colour():
    style = page(content())
    for name in (*memory.CATEGORIES, "free", "multiply", "load", "store", "address", "branch", "requantize", "divide", "other"):
        assert re.search(rf"\.{markup.slug(name)}\b", style), name


def luminance(colour):
    """WCAG's relative luminance of "#rrggbb"."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted(map(luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_text_can_be_read_in_light_and_dark():
    """A contrast of 4.5, WCAG 2.2's level AA: text on the page, on its cards, and in the boxes of the arena."""
    schemes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", part.replace("#fff;", "#ffffff;")))
        for part in page(content()).split("@media")[:2]
    ]
    for colours in schemes:
        pairs = [(colours[ink], colours[ground]) for ink in ("ink", "faint", "more", "less") for ground in ("ground", "card")]
        pairs += [(colours[f"c{n}"], "#ffffff") for n in range(6)] + [(colours["ink"], colours["c8"])]
        assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
