"""How the generated source is compiled."""

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "option, level", [("optimize=speed", "-Os"), ("optimize=memory", "-O2"), ("push_rows=1", "-O2"), ("ram=64K", "-O2")]
)
def test_steps_by_rows_are_read_quickly(tmp_path, option, level):
    for name in ("SConstruct", "site_scons", "boards", "samples"):  # a place where nothing is built yet
        (tmp_path / name).symlink_to(TOP / name)
    target = "build/stm32f4/digits/iree_digits/digits.o"
    command = [sys.executable, "-m", "SCons", "-n", "-Q", "verbose=1", "board=stm32f4", option, target]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    (line,) = [line for line in said.stdout.splitlines() if line.endswith("digits.c") and "-c" in line.split()]
    assert [word for word in line.split() if word.startswith("-O")][-1] == level
