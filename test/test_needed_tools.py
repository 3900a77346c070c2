"""What sconsw installs is what the board at hand needs."""

import subprocess
import sys

import pytest
from iree_baremetal import needed_tools

ROOT = needed_tools.Path(needed_tools.__file__).resolve().parents[3]
ARM = ("gcc", "libc", "arm-none-eabi-gcc", "arm-none-eabi-libc", "qemu-system-arm")


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (("board=stm32f4", "run"), ARM),
        (("board=nucleo-l476rg", "debug"), (*ARM, "gdb")),  # on its stand-in
        (("board=qemu-rv64",), ("gcc", "libc", "riscv64-unknown-elf-gcc", "riscv64-unknown-elf-libc", "qemu-system-riscv64")),
        ((), ("gcc", "libc")),
        (("board=arm_64",), ("gcc", "libc")),  # no more than a target for iree-compile
        (("board=no-such",), ("gcc", "libc")),
        (("page-picture",), (*ARM, "chromium", "pngquant")),
        (("board-table",), needed_tools.ALL),
        (("board-table", "board=stm32f4"), ARM),
        (("test", "-k", "board=stm32f4"), needed_tools.ALL),
    ],
)
def test_by_board(arguments, expected):
    assert needed_tools.needed(list(arguments), ROOT) == expected


def test_a_board_of_ones_own_and_a_default_in_custom_py(tmp_path):
    (tmp_path / "custom.py").write_text('board = "mine"\nboards_path = "own"\n')
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.py").write_text('base = "stm32f4"\n')
    assert needed_tools.needed([], tmp_path) == ARM


def test_it_needs_no_packages_and_leaves_mistakes_to_scons(tmp_path):
    (tmp_path / "custom.py").write_text("board = \n")
    for options, expected in ((["board=stm32f4"], "gcc\nlibc\n"), ([], "gcc\nlibc\n")):
        command = [sys.executable, "-I", "-S", needed_tools.__file__, *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
    (tmp_path / "custom.py").unlink()
    done = subprocess.run(
        [sys.executable, "-I", "-S", needed_tools.__file__, "board=stm32f4"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.split() == list(ARM)
