"""Flags and rewrites for every kind of core."""

import pytest

from iree_baremetal import board, tuning
from iree_baremetal.errors import BaremetalError


@pytest.mark.parametrize("name", ["stm32f4", "mps3-an547", "qemu-rv32", "qemu-rv32-vector"])
def test_speed_and_size_differ_from_what_iree_does_by_itself(name):
    on = board.load(name)
    assert tuning.flags(on, "default") == []
    assert tuning.flags(on, "speed") != tuning.flags(on, "size")
    assert tuning.rewrites(on, "default") == "none"
    assert tuning.rewrites(on, "speed") == "all" and "round" in tuning.rewrites(on, "size")


def test_cores_without_vectors_are_told_so():
    narrow = "--iree-llvmcpu-target-vector-width-in-bytes=4"
    assert narrow in tuning.flags(board.load("stm32f4"), "size")
    assert narrow in tuning.flags(board.load("qemu-rv32"), "speed")
    assert narrow not in tuning.flags(board.load("qemu-rv32-vector"), "size")
    assert narrow not in tuning.flags(board.load("mps3-an547"), "size")


def test_this_machine_stays_the_reference():
    host = board.load("host")
    assert tuning.flags(host, "speed") == [] and tuning.rewrites(host, "speed") == "none"


def test_another_goal_is_refused():
    with pytest.raises(BaremetalError, match="optimize=fast: not one of speed, size, default."):
        tuning.flags(board.load("stm32f4"), "fast")
