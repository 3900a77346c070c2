"""How to get a compiler or an emulator that lacks, by the package manager of the machine at hand."""

import shutil
import subprocess

# Manager -> what stands before the names of packages.
_COMMANDS = {
    "apt-get": "On Debian or Ubuntu: sudo apt-get install",
    "dnf": "On Fedora: sudo dnf install",
    "pacman": "On Arch Linux: sudo pacman -S",
    "brew": "With Homebrew: brew install",
}
# Debian's name -> those of dnf, pacman and brew; "" where there is none. Others are called the same.
_NAMES = {
    "gcc-arm-none-eabi": (
        "arm-none-eabi-gcc-cs",
        "arm-none-eabi-gcc",
        "--cask gcc-arm-embedded",
    ),  # brew's formula has no C library
    "libnewlib-arm-none-eabi": ("arm-none-eabi-newlib", "arm-none-eabi-newlib", ""),
    "gcc-riscv64-unknown-elf": ("", "", ""),
    "picolibc-riscv64-unknown-elf": ("", "", ""),
    "libc6-dev": ("glibc-devel", "glibc", ""),
    "qemu-system-arm": ("qemu-system-arm", "qemu-system-arm", "qemu"),
    "qemu-system-misc": ("qemu-system-riscv", "qemu-system-riscv", "qemu"),
}
# What replaces a name where the archive at hand has it: always, or only where that name is gone. From Debian 13 on
# RISC-V's emulators are a package of their own; after it, Arm's compiler comes with picolibc alone.
_APT_NOW = {"qemu-system-misc": "qemu-system-riscv"}
_APT_ELSE = {"libnewlib-arm-none-eabi": "picolibc-arm-none-eabi"}


def install(*names, path=None):
    """What to do to have the packages of these names, Debian's; path: where the machine's manager is looked for."""
    manager = next((name for name in _COMMANDS if shutil.which(name, path=path)), "apt-get")
    if manager != "apt-get":
        column = list(_COMMANDS).index(manager) - 1
        own = [found for name in names if (found := _NAMES.get(name, (name,) * 3)[column])]
        if not own:
            return f"No package of {manager} has it; Debian's are {' '.join(names)} (a container of Debian serves)."
        names = tuple(own)
    elif shutil.which("apt-cache", path=path):
        names = tuple(_of_apt(name, path) for name in names)
    return f"{_COMMANDS[manager]} {' '.join(names)}"


def _of_apt(name, path):
    """The name of Debian's package in the archive at hand."""

    def has(name):
        command = [shutil.which("apt-cache", path=path), "madison", name]
        return bool(subprocess.run(command, capture_output=True, text=True, errors="replace").stdout.strip())

    newer = _APT_NOW.get(name) or (_APT_ELSE.get(name) if name in _APT_ELSE and not has(name) else None)
    return newer if newer and has(newer) else name
