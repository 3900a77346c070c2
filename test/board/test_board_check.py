"""Every mistake in a board file gets a message that names the file, the mistake and what would be right.

The mistakes are those of test/reliability/cases/boards/, which `scons bad-inputs` tries with scons.
"""

import sys
from pathlib import Path

import pytest
from iree_baremetal import board
from iree_baremetal.errors import BaremetalError

sys.path.append(str(Path(__file__).parents[1] / "reliability"))
import corpus  # noqa: E402

BOARDS = corpus.families()["boards"]
# Those that reading the file tells: what they say begins with its name, or that of its base.
MISTAKES = [case for case in BOARDS if case.says and all(word.startswith("board file {folder}") for word in case.says[:1])]


def read(case, folder):
    """The board of the files of a case, which is called mine, or host."""
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return board.load("host" if "boards/host.py" in case.files else "mine", [folder / "boards"])


def test_the_example_itself_is_right(tmp_path):
    assert BOARDS[0].works and read(BOARDS[0], tmp_path).emulated


def test_there_are_mistakes_enough():
    assert len(MISTAKES) > 120


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case.name)
def test_mistakes(case, tmp_path):
    with pytest.raises(BaremetalError) as error:
        read(case, tmp_path)
    for word in case.says:
        assert word.replace("{folder}", str(tmp_path)) in str(error.value)


def test_a_stand_in_without_room(tmp_path):
    (tmp_path / "mine.py").write_text(
        'base = "nrf52840-dk"\nmemory = {"FLASH": Region(0, 8 * MB, "rx"), "RAM": Region(0x20000000, 1 * MB)}'
    )
    with pytest.raises(
        BaremetalError, match=r"stand_in 'mps2-an386' has no room for FLASH \(8,388,608 bytes; 4,194,304 are left\)"
    ):
        board.load("mine", [tmp_path])
