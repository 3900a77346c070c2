"""What is to be installed, in the words of each package manager: the names that their sites list."""

import pytest
from iree_baremetal import board, system_packages, toolchain
from iree_baremetal.errors import BaremetalError


@pytest.fixture
def machine(tmp_path):
    """The search path of a machine with that package manager alone."""

    def machine(manager):
        (tmp_path / manager).write_text("#!/bin/sh\n")
        (tmp_path / manager).chmod(0o755)
        return str(tmp_path)

    return machine


@pytest.mark.parametrize(
    "manager, expected",
    [
        ("apt-get", "On Debian or Ubuntu: sudo apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi"),
        ("dnf", "On Fedora: sudo dnf install arm-none-eabi-gcc-cs arm-none-eabi-newlib"),
        ("pacman", "On Arch Linux: sudo pacman -S arm-none-eabi-gcc arm-none-eabi-newlib"),
        ("brew", "With Homebrew: brew install --cask gcc-arm-embedded"),
        ("none", "On Debian or Ubuntu: sudo apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi"),
    ],
)
def test_the_toolchain_of_arm(machine, manager, expected):
    assert system_packages.install("gcc-arm-none-eabi", "libnewlib-arm-none-eabi", path=machine(manager)) == expected


def test_what_is_not_packed(machine):
    found = system_packages.install("gcc-riscv64-unknown-elf", path=machine("dnf"))
    assert found == "No package of dnf has it; Debian's are gcc-riscv64-unknown-elf (a container of Debian serves)."


def test_the_compiler_that_lacks_is_named_so(machine, monkeypatch):
    path = machine("pacman")
    monkeypatch.setenv("PATH", path)
    with pytest.raises(BaremetalError, match="no arm-none-eabi-gcc on the search path. On Arch Linux: sudo pacman -S"):
        toolchain.find(board.load("stm32f4"), path)
