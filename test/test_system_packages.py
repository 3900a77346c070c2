"""What is to be installed, in the words of each package manager: the names that their sites list."""

import pathlib

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


@pytest.mark.parametrize(
    "archive, expected",
    [
        ("libnewlib-arm-none-eabi picolibc-arm-none-eabi qemu-system-misc", "libnewlib-arm-none-eabi qemu-system-misc"),
        ("libnewlib-arm-none-eabi qemu-system-misc qemu-system-riscv", "libnewlib-arm-none-eabi qemu-system-riscv"),
        ("picolibc-arm-none-eabi qemu-system-riscv", "picolibc-arm-none-eabi qemu-system-riscv"),
        ("", "libnewlib-arm-none-eabi qemu-system-misc"),  # its lists were never fetched
    ],
)
def test_what_the_archive_of_debian_calls_them(machine, archive, expected):
    path = machine("apt-get")
    cache = pathlib.Path(machine("apt-cache"), "apt-cache")
    cache.write_text(f'#!/bin/sh\nfor name in {archive}; do [ "$1 $2" != "madison $name" ] || echo "$2 | 1 | deb"; done\n')
    found = system_packages.install("libnewlib-arm-none-eabi", "qemu-system-misc", path=path)
    assert found == f"On Debian or Ubuntu: sudo apt-get install {expected}"


def test_what_is_not_packed(machine):
    found = system_packages.install("gcc-riscv64-unknown-elf", path=machine("dnf"))
    assert found == "No package of dnf has it; Debian's are gcc-riscv64-unknown-elf (a container of Debian serves)."


def test_the_compiler_that_lacks_is_named_so(machine, monkeypatch):
    path = machine("pacman")
    monkeypatch.setenv("PATH", path)
    with pytest.raises(BaremetalError, match="no arm-none-eabi-gcc on the search path. On Arch Linux: sudo pacman -S"):
        toolchain.find(board.load("stm32f4"), path)
