"""Finding compilers, and what is said where they are missing."""

from dataclasses import replace

import pytest
from iree_baremetal import board, system_packages, toolchain
from iree_baremetal.errors import BaremetalError

CROSS = ["stm32f4", "mps2-an386", "qemu-rv32"]


def fake(folder, board, status=0, names=("gcc", "ar", "ranlib", "objcopy", "size")):
    for name in names:
        tool = folder / f"{board.toolchain}-{name}"
        tool.write_text(f"#!/bin/sh\necho iree_gcc 12; echo 'error: no such header' >&2\nexit {status}\n")
        tool.chmod(0o755)


@pytest.mark.parametrize("name", ["host", *CROSS])
def test_the_real_one_is_found(name):
    tools = toolchain.find(board.load(name))
    for program in (tools.cc, tools.as_, tools.ar, tools.ranlib, tools.objcopy, tools.size):
        assert program.startswith("/") and f"/{tools.prefix}" in program


def test_the_search_path_counts(tmp_path):
    stm32f4 = board.load("stm32f4")
    fake(tmp_path, stm32f4)
    assert toolchain.find(stm32f4, str(tmp_path)).cc == str(tmp_path / "arm-none-eabi-gcc")


@pytest.mark.parametrize(
    "name, packages",
    [
        ("stm32f4", "gcc-arm-none-eabi libnewlib-arm-none-eabi"),
        ("qemu-rv32", "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf"),
    ],
)
def test_a_missing_compiler_or_library_names_the_packages(tmp_path, name, packages, monkeypatch):
    target = board.load(name)
    monkeypatch.setattr(system_packages, "_of_apt", lambda name, path: name)  # whatever Debian this is
    with pytest.raises(BaremetalError, match=f"no {target.toolchain}-gcc .*install {packages}"):
        toolchain.find(target, str(tmp_path))
    fake(tmp_path, target, status=1)
    with pytest.raises(BaremetalError, match=f"no such header.*install {packages}"):
        toolchain.find(target, str(tmp_path))


def test_a_toolchain_of_the_users_own(tmp_path):
    with pytest.raises(BaremetalError, match="board stm32f4: no m68k-elf-gcc.*Install the GNU"):
        toolchain.find(replace(board.load("stm32f4"), toolchain="m68k-elf"), str(tmp_path))


@pytest.mark.parametrize("name", CROSS)
def test_flags_hold_the_machine_and_the_library(name):
    target = board.load(name)
    needed = {*target.machine_flags, *toolchain.specs(target)}
    assert needed <= set(toolchain.compile_flags(target))
    assert needed <= set(toolchain.link_flags(target))
    assert "-nostartfiles" in toolchain.link_flags(target)


@pytest.mark.parametrize(
    "there, chosen",
    [
        (["nano.specs", "picolibc.specs"], "--specs=nano.specs"),
        (["picolibc.specs"], "--specs=picolibc.specs"),
        ([], "--specs=nano.specs"),  # of which the compiler will say that it lacks
    ],
)
def test_the_c_library_that_the_compiler_has(tmp_path, there, chosen):
    """Debian after 13 has no newlib for Arm."""
    target, cases = board.load("stm32f4"), "".join(f"*={name}) echo /lib/{name} ;;\n" for name in there)
    tool = tmp_path / "arm-none-eabi-gcc"
    tool.write_text(f'#!/bin/sh\ncase $1 in\n{cases}*) echo "${{1#*=}}" ;;\nesac\n')
    tool.chmod(0o755)
    path = str(tmp_path)
    assert chosen in toolchain.compile_flags(target, path) and chosen in toolchain.link_flags(target, path)
    assert not tool.unlink() and toolchain.specs(target, path) == ["--specs=nano.specs"]  # there is no compiler to ask


def test_the_host_starts_as_the_host_does():
    assert toolchain.link_flags(board.load("host")) == ["-Wl,--gc-sections"]
