"""What flash's wait states add, and how a board's file says it."""

import pytest
from iree_baremetal import board as boards
from iree_baremetal.board import MHZ, FlashTiming
from iree_baremetal.errors import BaremetalError
from iree_baremetal.timing import flash
from iree_baremetal.timing.estimate import Estimate, Line

TIMING = FlashTiming(16, (30 * MHZ, 60 * MHZ, 90 * MHZ))


@pytest.mark.parametrize("clock, waits", [(16 * MHZ, 0), (30 * MHZ, 0), (30 * MHZ + 1, 1), (90 * MHZ, 2)])
def test_wait_states(clock, waits):
    assert TIMING.waits(clock) == waits


def test_above_the_highest_clock():
    with pytest.raises(BaremetalError, match=r"clock=168M: the flash of this part serves up to 90 MHz\."):
        TIMING.waits(168 * MHZ)


def test_every_line_is_fetched_once():
    found = Estimate({address: Line(1000, 1000) for address in (0x100, 0x102, 0x10E, 0x110, 0x200)})
    assert flash.cycles(found, 33, TIMING, 90 * MHZ) == 2 * (3 + 3)
    assert flash.cycles(found, 33, TIMING, 16 * MHZ) == 0


def test_the_parts_serve_up_to_their_highest_clocks():
    # Of the parts' data sheets.
    highest = {
        "stm32f4": 168,
        "nucleo-f411re": 100,
        "nucleo-f446re": 180,
        "nucleo-l476rg": 80,
        "nucleo-l4r5zi": 120,
        "stm32f746-discovery": 216,
    }
    for name, clock in highest.items():
        board = boards.load(name)
        assert board.flash_timing.clocks[-1] == clock * MHZ and board.emulated.flash_timing == board.flash_timing
        assert board.flash_timing.waits(board.clock) == 0


def test_a_core_by_itself_has_no_clock():
    core = boards.load("cortex-m4f")
    assert core.clock == core.emulated.clock == 0 and core.emulated.flash_timing is None


@pytest.mark.parametrize(
    "value, said",
    [
        ("5", r"flash_timing is not FlashTiming\(line, clocks\)"),
        ("FlashTiming(12, [30 * MHZ])", "line is not 4, 8, 16, 32 or 64 bytes: 12"),
        ("FlashTiming(16, [])", "clocks are not rising numbers of Hz"),
        ("FlashTiming(16, [60 * MHZ, 30 * MHZ])", "clocks are not rising numbers of Hz"),
    ],
)
def test_wrong_values_are_told(tmp_path, value, said):
    path = tmp_path / "mine.py"
    path.write_text(f'base = "stm32f4"\nflash_timing = {value}\n')
    with pytest.raises(BaremetalError, match=said):
        boards.read(path)
