"""Boards as data: reading them, and what is said of mistakes in them."""

import pytest

from iree_baremetal import board
from iree_baremetal.errors import BaremetalError

GOOD = """
description = "a board"
toolchain = "arm-none-eabi"
triple = "armv7em-none-unknown-eabihf"
memory = {"FLASH": Region(0, 64 * KB, "rx"), "RAM": Region(0x20000000, 16 * KB)}
stack = 1 * KB
sources = ["startup_cortex_m.c", "own.c"]
emulator = Qemu("arm", "netduinoplus2")
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine"):
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        return path

    return write


def test_the_four_boards_are_there():
    assert {"host", "stm32f4", "mps2-an386", "qemu-rv32"} <= set(board.names())


@pytest.mark.parametrize("name", board.names())
def test_every_board_reads_and_its_sources_exist(name):
    found = board.load(name)
    assert found.name == name
    assert found.source_files and all(path.is_file() for path in found.source_files)
    assert found.is_host or (found.flash and found.ram and found.emulator)


def test_a_users_board(write, tmp_path):
    write(GOOD)
    (tmp_path / "own.c").touch()
    mine = board.load("mine", [tmp_path])
    assert "mine" in board.names([tmp_path])
    assert mine.flash[0] == "FLASH" and mine.ram[1].end == 0x20004000
    assert mine.source_files == [board.SUPPORT / "startup_cortex_m.c", tmp_path / "own.c"]
    assert mine.linker_script_file is None


def test_a_users_board_comes_before_ours(write, tmp_path):
    write(GOOD, "stm32f4")
    assert board.load("stm32f4", [tmp_path]).description == "a board"


def test_unknown_board_lists_them_and_names_the_nearest():
    with pytest.raises(BaremetalError, match="(?s)no board 'stm32f5'.*mean stm32f4.*host, mps2"):
        board.load("stm32f5")


def test_a_source_that_is_not_there(write):
    with pytest.raises(BaremetalError, match="sources names 'own.c'"):
        board.read(write(GOOD)).source_files


@pytest.mark.parametrize(
    "change, message",
    [
        (("stack = 1", "stak = 1"), "unknown field 'stak'. Did you mean stack"),
        (('triple = "', 'cpu = "'), "field 'triple' is missing"),
        (("1 * KB", "1 *"), "SyntaxError"),
        (("1 * KB", "1 * GB"), "NameError: name 'GB'"),
        (("1 * KB", "1000"), "not multiples of 16"),
        (("1 * KB", "17 * KB"), "exceed RAM"),
        (("0x20000000", "0x8000"), "'FLASH' and 'RAM' overlap"),
        (('"rx"', '"rwx"'), "needs a region with access rx"),
        (('"rx"', '"r"'), "access 'r'"),
        (("64 * KB", "0"), "length 0"),
        (('Region(0, 64 * KB, "rx")', "64 * KB"), "'FLASH' is not a Region"),
        (('["startup_cortex_m.c", "own.c"]', '"own.c"'), "sources is not a list"),
    ],
)
def test_mistakes_in_a_board_file(write, change, message):
    path = write(GOOD.replace(*change))
    with pytest.raises(BaremetalError) as error:
        board.read(path)
    assert message in str(error.value) and str(path) in str(error.value)
