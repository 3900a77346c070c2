"""What `tune` says: the order, the choice, and what is left out."""

from dataclasses import replace

import pytest
from iree_baremetal.bench import tune_report
from iree_baremetal.bench.tune_report import Found
from iree_baremetal.compiler.tuning import Generation
from iree_baremetal.errors import BaremetalError

GOALS = {"speed": Generation("width16", "all"), "size": Generation("width4", "round")}
GOALS["default"] = Generation("none", "none")
SPEED = Found("width16", "all", count=1000, kernels=4000, code=5000, weights=100, arena=64, stack=32)
SIZE = Found("width4", "round", count=3000, kernels=1000, code=2000, weights=100, arena=64, stack=32)
DEFAULT = Found("none", "none", count=4000, kernels=9000, code=9500, weights=100, arena=64, stack=32)
FASTER = Found("width8", "all", count=900, kernels=4000, code=5100, weights=100, arena=64, stack=32, difference=6e-6)
SMALLER = Found("width4", "all", count=3500, kernels=1000, code=1485, weights=90, arena=64, stack=32)
WRONG = Found("width8", "none", failed="board b differs from the host reference at call 0, f, y[1]: board 1, host 2.")


def test_the_goals_stay_where_nothing_beats_them():
    text = tune_report.text("title", [SPEED, SIZE, DEFAULT], GOALS)
    assert "best for speed: optimize=speed, the default" in text
    assert "best for size: optimize=size" in text
    assert "custom.py" not in text


def test_what_beats_them_is_told_with_the_way_to_keep_it():
    text = tune_report.text("title", [SPEED, SIZE, DEFAULT, FASTER, SMALLER], GOALS)
    said = "best for {}: flags={} rewrites=all: {} % of the instructions and {} % of the flash of optimize={}"
    assert said.format("speed", "width8", 90.0, 102.0, "speed") in text
    assert said.format("size", "width4", 116.7, 75.0, "size") in text
    assert 'custom.py:         flags, rewrites = "width8", "all"' in text
    assert 'env.Clone(IREE_FLAGS="width4", IREE_REWRITES="all").IreeModel' in text


def test_the_table_is_sorted_and_complete():
    lines = tune_report.text("title", [DEFAULT, SIZE, SPEED, FASTER], GOALS).splitlines()
    assert lines[0] == "title" and lines[1].split()[:3] == ["instructions", "kernels", "code"]
    assert [int(line.split()[0].replace(",", "")) for line in lines[2:6]] == [900, 1000, 3000, 4000]
    assert lines[2].split()[1:7] == ["4,000", "5,100", "100", "64", "32", "within"]
    assert lines[3].endswith("equal         flags=width16 rewrites=all  optimize=speed")


def test_what_failed_is_named_and_never_chosen():
    text = tune_report.text("title", [SPEED, SIZE, WRONG], GOALS)
    assert "left out: flags=width8 rewrites=none: board b differs from the host reference at call 0" in text
    assert tune_report.best([SPEED, SIZE, WRONG]) == (SPEED, SIZE)


def test_of_a_crash_the_head_is_shown():
    crash = Found("none", "none", failed="\n".join(f"line {n}" for n in range(40)))
    text = tune_report.text("title", [SPEED, SIZE, crash], GOALS)
    assert "left out: flags=none rewrites=none: line 0\n  line 1\n" in text and "line 9" not in text


def test_a_goal_that_fails_is_told():
    failed = Found("width16", "all", failed="RAM is too small")
    assert "(optimize=speed was left out)" in tune_report.text("title", [failed, SIZE, DEFAULT], GOALS)


def test_where_nothing_passes_every_reason_is_told():
    with pytest.raises(BaremetalError, match="nothing that was tried works:\n.*width8.*differs"):
        tune_report.best([WRONG])


def test_the_float_model_of_a_quantized_one_is_a_choice():
    other = Found("width16", "all", count=800, kernels=3000, code=3500, weights=400, arena=256, stack=32, is_float=True)
    text = tune_report.text("title", [SPEED, SIZE, other], GOALS)
    assert "flags=width16 rewrites=all, in float  optimize=speed" in text
    assert "best for speed: flags=width16 rewrites=all, in float (leave out quantize=): 80.0 % of the instructions" in text
    assert "best for size: optimize=size" in text
    assert tune_report.json_of([other], GOALS)[0]["is_float"]


def test_cycles_decide_where_all_have_them():
    one, other = replace(SPEED, cycles=2000), replace(FASTER, cycles=2100)
    assert tune_report.best([one, other]) == (one, one) and tune_report.best([one, other], "instructions")[0] == other
    text = tune_report.text("title", [one, other, WRONG], GOALS)
    assert "best for speed: optimize=speed, the default" in text
    assert text.splitlines()[1].split()[:3] == ["cycles,", "est.", "instructions"] and text.splitlines()[2].split()[:2] == [
        "2,000",
        "1,000",
    ]
    assert "90.0 % of the instructions" in tune_report.text("title", [one, other], GOALS, "instructions")
    # Where one is without, they cannot be compared by them.
    assert tune_report.best([one, FASTER])[0] == FASTER
    assert "cycles" not in tune_report.text("title", [one, FASTER], GOALS)


def test_rows_of_a_sweep():
    from iree_baremetal.sweep import page, table

    rows = table.with_fronts(tune_report.rows([SPEED, SIZE, DEFAULT, WRONG], "m", "b"))
    assert [(row["front"], row["flash"], row["ram"], row["instructions"]) for row in rows] == [
        (True, 5100, 96, 1000),
        (True, 2100, 96, 3000),
        (False, 9600, 96, 4000),
        (False, None, None, None),
    ]
    assert rows[0]["setting"] == "flags=width16 rewrites=all" and rows[3]["failed"] == WRONG.failed
    assert table.as_csv(rows).count("\n") == 5 and "5,100" in page.page("t", rows)


MIXED = replace(
    SPEED,
    count=995,
    code=2500,
    is_kernelwise=True,
    forms={"softmax": {"form": "width4", "cost": [1000, 995], "bytes": [9, 7]}},
)
SPEED_WAY = GOALS["speed"]


def test_what_is_kept_is_the_smallest_of_what_is_as_fast():
    assert tune_report.to_keep([SPEED, SIZE, DEFAULT, MIXED]) is MIXED
    # Within one per cent of the fastest, but never slower than the default, if that works.
    fastest = replace(SPEED, flags="width8", count=900)
    assert tune_report.to_keep([SPEED, replace(MIXED, count=1005)], speed=SPEED_WAY) is SPEED
    assert tune_report.to_keep([fastest, SPEED, replace(MIXED, count=1005)], speed=SPEED_WAY) is fastest
    assert tune_report.to_keep([fastest, SPEED, small := replace(MIXED, count=905)], speed=SPEED_WAY) is small
    assert tune_report.to_keep([replace(SPEED, failed="large"), MIXED], speed=SPEED_WAY) is MIXED
    assert tune_report.to_keep([replace(MIXED, failed="wrong"), SPEED]) is SPEED
    assert tune_report.to_keep([replace(SPEED, failed="too large")]) is None
    assert tune_report.to_keep([SPEED, replace(SPEED, count=1, is_float=True)]) is SPEED
    # Of equals the one that needs no file of forms.
    assert tune_report.to_keep([replace(SPEED, is_kernelwise=True), SPEED]) is SPEED


def test_kernel_by_kernel_is_told():
    text = tune_report.text("title", [SPEED, SIZE, DEFAULT, MIXED], GOALS)
    assert (
        "flags=width16 rewrites=all, kernel by kernel: 99.5 % of the instructions and 51.0 % of the flash of optimize=speed"
        in text
    )
    assert "kernel by kernel, instructions and code of each" in text and "1,000 → 995  9 → 7 bytes  width4  softmax" in text
    assert text.count("optimize=speed") == 3  # the default's own row, its line, and beside it what keep=1 keeps
    assert "for keep=1: optimize=speed, the default" in tune_report.text("title", [SPEED, SIZE, DEFAULT], GOALS)
