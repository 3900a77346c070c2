"""Executions counted by QEMU's plugin are what the board's own counter says, and cycles come of them."""

import json

import pytest

# A board of each core with a timing table.
BOARDS = ("microbit", "mps2-an385", "mps2-an386-nofpu", "stm32f4", "mps2-an505", "mps2-an500", "mps3-an547", "qemu-rv32")


@pytest.mark.parametrize("board", BOARDS)
def test_executions_are_the_counters(checkout, board):
    said = checkout.scons(f"board={board}", "bench", "clock=16M")
    [path] = checkout.folder.glob(f"build/{board}/digits/**/digits_bench.json")
    [record] = json.loads(path.read_text())["records"]
    assert record["executed"] == record["instructions"] == record["count"]
    # Cortex-M7 issues two at once.
    assert record["cycles"] > record["instructions"] * (0.5 if board == "mps2-an500" else 1) and f"{record['cycles']:,}" in said
    assert sum(row["cycles"] for row in record["kernels"]) + record["glue_cycles"] == record["cycles"]
    assert record["milliseconds"] == pytest.approx(record["cycles"] / 16e3, rel=1e-3) and "ms at 16 MHz" in said
    for row in record["kernels"]:
        assert sum(row["kinds"].values()) == row["cycles"]
        for loop in row["loops"]:
            assert loop["cycles"] == sum(line[2] for line in loop["lines"]) <= row["cycles"]


def test_a_core_without_a_table(checkout):
    said = checkout.scons("board=qemu-rv32-vector", "bench")
    assert "no cycles: there is no timing table for generic-rv32" in said


def test_wait_states_of_flash(checkout):
    said = checkout.scons("board=stm32f4", "bench", "clock=168M")
    [path] = checkout.folder.glob("build/stm32f4/digits/**/digits_bench.json")
    [record] = json.loads(path.read_text())["records"]
    flash = record["flash"]
    assert flash["wait_states"] == 5 and f"flash with 5 wait states adds {flash['cycles']:,} cycles at least" in said
    # Lines of 16 bytes: the weights' and, of the code, no more than there is.
    assert 5 * record["weights"] // 16 < flash["cycles"] < 5 * (record["weights"] + 8000) // 16
    assert flash["milliseconds"] == pytest.approx((record["cycles"] + flash["cycles"]) / 168e3, rel=1e-3)
    assert "serves up to 168 MHz" in checkout.scons("board=stm32f4", "bench", "clock=200M", code=2)


def test_clock_is_a_frequency(checkout):
    assert "clock=fast: not a frequency in Hz, as in 168000000 or 168M." in checkout.scons(
        "board=stm32f4", "bench", "clock=fast", code=2
    )
