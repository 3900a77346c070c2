"""Which boards have room for what another has none for: flash, RAM, further regions, and the stack's depth."""

import pytest
from iree_baremetal import board
from iree_baremetal.report import fitting
from iree_baremetal.report.memory import Report, Usage
from iree_baremetal.report.stack import Depth

FOLDER = "boards"


@pytest.fixture
def boards(tmp_path):
    """The path of: a little of all (8 KB of stack), much flash but 4 KB of stack, much of all."""
    for name, flash, ram, stack in (("small", 64, 32, 8), ("shallow", 512, 64, 4), ("large", 512, 64, 16)):
        memory = f'{{"FLASH": Region(0x08000000, {flash} * KB, "rx"), "RAM": Region(0x20000000, {ram} * KB)}}'
        (tmp_path / f"{name}.py").write_text(f'base = "stm32f4"\nstack = {stack} * KB\nmemory = {memory}\n')
    return [tmp_path]


def report(flash, data, deep, stack=8192):
    usages = (Usage("FLASH", 64 * 1024, {"weights": flash}), Usage("RAM", 32 * 1024, {"arena": data, "stack": stack}))
    return Report("a.elf", "small", usages, stack, Depth(deep, ("main",)))


def of(boards, found):
    own = {"small", "shallow", "large"}
    return [name for name in fitting.boards_for(found, board.load("small", boards), boards) if name in own]


def test_a_board_with_a_shallower_stack_does_not_fit(boards):
    assert of(boards, report(100_000, 10_000, 6000)) == ["large"]
    assert of(boards, report(100_000, 10_000, 3000)) == ["large", "shallow"]


def test_where_more_stack_is_all_it_takes_no_other_board_is_named(boards):
    """micro_speech on stm32f4: 8,440 of 8,192 bytes of stack."""
    found = report(50_000, 10_000, 8440)
    assert found.over_budget() and "Build with stack=9K" in found.over_budget()[0]
    assert of(boards, found) == []


def test_where_there_is_no_room_for_more_stack(boards):
    assert of(boards, report(50_000, 24_000, 8440)) == ["large"]


def test_a_board_without_the_region_does_not_fit(boards, tmp_path):
    (tmp_path / "ours.py").write_text(
        'base = "stm32f4"\nmemory = {"FLASH": Region(0x08000000, 64 * KB, "rx"), "RAM": Region(0x20000000, 32 * KB), '
        '"CCM": Region(0x10000000, 64 * KB)}\n'
    )
    usages = (*report(100_000, 10_000, 100).usages, Usage("CCM", 64 * 1024, {"arena": 10_000}))
    found = fitting.boards_for(Report("a.elf", "ours", usages, 8192), board.load("ours", boards), boards)
    assert "large" not in found and "stm32f4" in found


def test_another_architecture_is_not_known(boards):
    small, found = board.load("small", boards), report(50_000, 10_000, 3000)
    fits = {
        name: fitting.fits(found, small, board.load(name, boards)) for name in ("small", "large", "qemu-rv32", "arm_64", "host")
    }
    assert fits == {"small": True, "large": True, "qemu-rv32": None, "arm_64": None, "host": None}
    assert fitting.fits(report(70_000, 10_000, 3000), small, small) is False
