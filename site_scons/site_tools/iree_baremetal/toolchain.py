"""The cross compiler of a board: where it is, and the flags it needs.

The flags are those of the machine and of a small, well-behaved firmware; a board's defines and
include folders are not among them, since the SCons side keeps those in CPPDEFINES and CPPPATH.
"""

import shutil
import subprocess
from dataclasses import dataclass

from .errors import BaremetalError

# Debian's and Ubuntu's packages, by GCC's prefix: the compiler, then the C library.
_PACKAGES = {
    "": ("gcc", "libc6-dev"),
    "arm-none-eabi": ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi"),
    "riscv64-unknown-elf": ("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf"),
}


@dataclass(frozen=True)
class Toolchain:
    """Absolute paths of one toolchain's programs; gdb is "" where there is none.

    `as` is a word of Python's, so the assembler is `as_`; it is the compiler's driver, which also
    preprocesses .S files.
    """

    prefix: str
    cc: str
    as_: str
    ar: str
    ranlib: str
    objcopy: str
    size: str
    gdb: str


def compile_flags(board):
    """GCC's flags to compile C for board."""
    return [
        *board.machine_flags,
        *board.specs,
        "-std=gnu11",
        "-Os",
        "-g",
        "-Wall",
        # One section a function and variable: the linker leaves out what is not used.
        "-ffunction-sections",
        "-fdata-sections",
    ]


def link_flags(board):
    """GCC's flags to link for board, without its linker script, objects and libraries (-lm)."""
    flags = [*board.machine_flags, *board.specs, "-Wl,--gc-sections"]
    if not board.is_host:
        # The startup code is the board's own; pages mean nothing without an operating system, nor
        # does an executable stack, of which the linker warns when kernels meet the C library.
        flags += ["-nostartfiles", "-static", "-Wl,--nmagic", "-Wl,-z,noexecstack"]
    return flags


def find(board, path=None):
    """The `Toolchain` of board on the search path (default: PATH).

    Raises BaremetalError with the command that installs what is missing, compiler or C library.
    """
    prefix = f"{board.toolchain}-" if board.toolchain else ""

    def program(name, required=True):
        found = shutil.which(prefix + name, path=path)
        if required and not found:
            raise _missing(board, f"no {prefix}{name} on the search path")
        return found or ""

    cc = program("gcc")
    tools = {name: program(name) for name in ("ar", "ranlib", "objcopy", "size")}
    gdb = program("gdb", required=False) or shutil.which("gdb-multiarch", path=path) or ""
    _check_library(board, cc)
    return Toolchain(prefix=prefix, cc=cc, as_=cc, gdb=gdb, **tools)


def _check_library(board, cc):
    """Debian packs compiler and C library apart, and the compiler alone compiles no `#include`."""
    command = [cc, *board.machine_flags, *board.specs, "-fsyntax-only", "-x", "c", "-"]
    probe = subprocess.run(
        command, input="#include <math.h>\n#include <string.h>\n", capture_output=True, text=True
    )
    if probe.returncode:
        lines = probe.stderr.splitlines()
        reason = next((line for line in lines if "error:" in line), probe.stderr.strip())
        raise _missing(board, f"{cc} does not find its C library ({reason})")


def _missing(board, what):
    packages = _PACKAGES.get(board.toolchain)
    if packages:
        mend = f"On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}"
    else:
        mend = f"Install the GNU toolchain {board.toolchain}, with a C library for the board."
    return BaremetalError(f"board {board.name}: {what}. {mend}")
