"""Flags and rewrites for every kind of core."""

import re
import subprocess
from pathlib import Path

import pytest
from iree_baremetal import board, compiler
from iree_baremetal.compiler import tuning
from iree_baremetal.errors import BaremetalError

TOP = Path(__file__).resolve().parents[2]

EMULATED = ["stm32f4", "microbit", "mps3-an547", "qemu-rv32", "qemu-rv32-vector"]


@pytest.mark.parametrize("name", EMULATED)
def test_speed_and_size_differ_from_what_iree_does_by_itself(name):
    on = board.load(name)
    speed, size, default = (tuning.chosen(on, goal) for goal in tuning.GOALS)
    assert tuning.flags(default.flags) == [] and default.rewrites == "none"
    assert tuning.flags(speed.flags) != tuning.flags(size.flags)
    assert speed.rewrites == "all" and "round" in size.rewrites


def test_cores_without_vectors_are_told_so():
    def flags(name, goal):
        return tuning.flags(tuning.chosen(board.load(name), goal).flags)

    narrow = "--iree-llvmcpu-target-vector-width-in-bytes=4"
    assert narrow in flags("stm32f4", "size")
    assert narrow in flags("qemu-rv32", "speed")
    assert narrow not in flags("qemu-rv32-vector", "size")
    assert narrow not in flags("mps3-an547", "size")


def test_this_machine_stays_the_reference():
    assert str(tuning.chosen(board.load("host"), "speed")) == "flags=none rewrites=none"


def test_another_goal_is_refused():
    with pytest.raises(BaremetalError, match="optimize=fast: not one of speed, size, default."):
        tuning.chosen(board.load("stm32f4"), "fast")


def test_another_flag_is_refused():
    with pytest.raises(BaremetalError, match="flags=width4,fast: there is no 'fast'. There are: width4, .*; none."):
        tuning.flags("width4,fast")


@pytest.mark.parametrize("name", EMULATED)
def test_candidates_are_those_of_the_goals_and_others_each_once(name):
    on = board.load(name)
    found = tuning.candidates(on)
    assert {tuning.chosen(on, goal) for goal in tuning.GOALS} <= set(found[:3])
    assert 7 <= len(found) == len(set(found)) == len({generation.folder for generation in found})
    for generation in found:
        tuning.flags(generation.flags)


def test_the_options_in_docs_are_iree_compiles(tmp_path):
    """docs/tuning.md names IREE's own, each with a value."""
    page = (TOP / "docs/tuning.md").read_text()
    table = page[page.index("<!-- iree's own options -->") : page.index("<!-- end of iree's own options -->")]
    flags = re.findall(r"`(--iree-[\w-]+=\w+)`", table)
    assert len(flags) == 13
    (tmp_path / "f.mlir").write_text("func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }\n")
    command = [
        compiler.find(),
        *flags,
        "--iree-hal-target-device=local",
        "--iree-hal-local-target-device-backends=vmvx",
        "f.mlir",
        "-o",
        "f.vmfb",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
