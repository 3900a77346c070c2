"""The report's forms."""

import json

from iree_baremetal.report.memory import Report, Usage
from iree_baremetal.report.stack import Depth

FLASH = Usage("FLASH", 1024, {"kernels": 100, "weights": 300, "alignment": 4})
RAM = Usage("RAM", 128, {"arena": 100, "stack": 40}, "rw")


def test_table():
    assert Report("a.elf", "tiny", (FLASH, RAM)).text().splitlines() == [
        "a.elf on tiny   FLASH      RAM",
        "kernels           100        -",
        "weights           300        -",
        "arena               -      100",
        "stack               -       40",
        "alignment           4        -",
        "used              404      140",
        "free              620      -12",
        "size            1,024      128",
        "used           39.5 %  109.4 %",
    ]


def test_color_tells_what_is_full():
    text = Report("a.elf", "tiny", (FLASH, RAM)).text(color=True)
    assert "\033[31m109.4 %\033[0m" in text
    assert "\033[32m39.5 %\033[0m" in text.replace(" 39", "39")


def test_a_region_over_budget():
    (message,) = Report("a.elf", "tiny", (FLASH, RAM)).over_budget()
    assert message == "RAM of tiny: a.elf takes 140 of 128 bytes, 12 too many. The most take arena 100, stack 40."


def test_the_stack_over_budget():
    depth = Depth(48, ("_start", "main", "kernel"))
    (message,) = Report("a.elf", "tiny", (FLASH,), stack=40, depth=depth).over_budget()
    assert message.startswith(
        "stack of tiny: a.elf takes 48 of 40 bytes in _start > main > kernel. Build with stack=1K, or raise"
    )
    assert not Report("a.elf", "tiny", (FLASH,), stack=48, depth=depth).over_budget()


def test_what_the_stack_leaves_out_is_said():
    depth = Depth(48, ("main",), pointers=("sort",), recursive=("walk",))
    lines = Report("a.elf", "tiny", (FLASH,), stack=64, depth=depth).text().splitlines()
    assert lines[-3:] == [
        "stack, at the deepest: 48 of 64 bytes, in main",
        "  not counted: calls through function pointers in sort",
        "  not counted: repeated rounds of recursion in walk",
    ]


def test_json():
    data = json.loads(Report("a.elf", "tiny", (FLASH, RAM), stack=40, depth=Depth(30, ("main",))).json())
    assert data["regions"]["RAM"] == {
        "size": 128,
        "access": "rw",
        "used": 140,
        "free": -12,
        "categories": {"arena": 100, "stack": 40},
    }
    assert data["stack"] == {"size": 40, "deepest": 30, "path": ["main"], "not_counted": []}
    assert len(data["over_budget"]) == 1
