"""Cores that serve as boards: what they are, where they run, and what is refused."""

import pytest
from iree_baremetal import board, compiler
from iree_baremetal.board import info
from iree_baremetal.errors import BaremetalError


@pytest.mark.parametrize("name", board.core_names())
def test_every_core_runs_on_a_board_of_its_architecture(name):
    core = board.load(name)
    assert core.is_core and not core.memory and core.description and core.name == name
    on = core.emulated
    assert on.name == f"{name}@{core.tried_on}" and on.part.name == name and not on.is_core
    assert on.emulator and on.memory == board.load(core.tried_on).memory and on.source_files
    assert (on.cpu, on.machine_flags, on.float_abi, on.abi) == (core.cpu, core.machine_flags, core.float_abi, core.abi)
    assert on.triple.split("-")[0] == board.load(core.tried_on).triple.split("-")[0]


def test_every_family_of_a_core_is_one():
    """Named for an architecture or a core, and neither all of Arm's nor a family of parts or machines."""
    families = {file.stem for file in (board.BUILTIN / "families").glob("*.py")}
    assert set(board.core_names()) == {name for name in families if name.startswith(("cortex-m", "rv"))} - {"cortex-m"}


def test_a_board_comes_before_a_core_of_its_name(tmp_path):
    (tmp_path / "cortex-m4f.py").write_text('base = "stm32f4"\ndescription = "mine"\n')
    assert board.load("cortex-m4f", [tmp_path]).description == "mine"


def test_a_users_core(tmp_path):
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "mine.py").write_text('# My core.\nbase = "cortex-m3"\n')
    assert board.load("mine", [tmp_path]).description == "My core" and "mine" in board.core_names([tmp_path])
    assert "mine" not in board.names([tmp_path])


@pytest.mark.parametrize("name", ["stm32f4xx", "mps2", "cortex-m"])
def test_other_families_are_no_boards(name):
    with pytest.raises(BaremetalError, match=f"'{name}' is a family of boards, no board and no core. Cores: cortex-m0, "):
        board.load(name)


def test_softfp_is_an_abi_like_the_others():
    softfp, hard = board.load("cortex-m4f-softfp"), board.load("cortex-m4f")
    flags = compiler.target_flags(softfp)
    assert "--iree-llvmcpu-target-float-abi=soft" in flags and not [flag for flag in flags if "fpregs" in flag]
    assert info.core(softfp) == info.core(hard) == "cortex-m4, FPU"


def test_they_are_listed():
    assert "cortex-m4f-softfp   cortex-m4, FPU        mps2-an386" in info.listing()
    assert "on mps2-an386, which stands in for it" in info.values(board.load("cortex-m4f"))
