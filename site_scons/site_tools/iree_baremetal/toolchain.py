"""The cross compiler of a board: where it is, and the flags it needs.

The flags are those of the machine and of a small, well-behaved firmware; a board's defines and
include folders are not among them, since the SCons side keeps those in CPPDEFINES and CPPPATH.
"""

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from . import system_packages
from .errors import BaremetalError

# Debian's and Ubuntu's packages, by GCC's prefix: the compiler, then the C library.
_PACKAGES = {
    "": ("gcc", "libc6-dev"),
    "arm-none-eabi": ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi"),
    "riscv64-unknown-elf": ("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf"),
}
# What a board file asks for, where the compiler has not that C library but another, which serves as well: Debian's
# for Arm comes with picolibc alone from GCC 15 on.
_OTHER_SPECS = {"--specs=nano.specs": "--specs=picolibc.specs"}

C_FLAGS = ["-std=gnu11"]
# What needs an operating system, or more of the C++ library than fits: exceptions, RTTI, locks, destructors at exit.
CXX_FLAGS = ["-std=gnu++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-fno-use-cxa-atexit"]


@dataclass(frozen=True)
class Toolchain:
    """Absolute paths of one toolchain's programs; cxx and gdb are "" where there is none.

    `as` is a word of Python's, so the assembler is `as_`; it is the compiler's driver, which also
    preprocesses .S files.
    """

    prefix: str
    cc: str
    cxx: str
    as_: str
    ar: str
    ranlib: str
    objcopy: str
    size: str
    gdb: str


def specs(board, path=None):
    """GCC's flags for board's C library: what its file says, or another of which the compiler on path has the specs."""
    cc = shutil.which(f"{board.toolchain}-gcc", path=path) if board.toolchain else None
    return [_OTHER_SPECS[word] if cc and _lacks(cc, word) else word for word in board.specs]


@functools.lru_cache
def _lacks(cc, word):
    """Whether the compiler has not the file of a --specs=, but that of another in its place."""

    def has(word):
        command = [cc, f"-print-file-name={word.partition('=')[2]}"]  # the bare name where it finds none
        try:
            return os.sep in subprocess.run(command, capture_output=True, text=True, errors="replace").stdout
        except OSError:
            return False

    return word in _OTHER_SPECS and not has(word) and has(_OTHER_SPECS[word])


def compile_flags(board, path=None):
    """GCC's flags to compile C and C++ for board."""
    return [
        *board.machine_flags,
        *specs(board, path),
        "-Os",
        "-g",
        "-Wall",
        # One section a function and variable: the linker leaves out what is not used.
        "-ffunction-sections",
        "-fdata-sections",
    ]


def link_flags(board, path=None):
    """GCC's flags to link for board, without its linker script, objects and libraries (-lm)."""
    flags = [*board.machine_flags, *specs(board, path), "-Wl,--gc-sections"]
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
    _check(board, cc, path)
    return Toolchain(prefix=prefix, cc=cc, cxx=program("g++", required=False), as_=cc, gdb=gdb, **tools)


# What a compiler that works makes of it: a line with the number of GCC's version, which clang gives, too.
_PROBE = "#include <math.h>\n#include <string.h>\niree_gcc __GNUC__\n"
_ABSENT = re.compile(r"no such|cannot read spec", re.IGNORECASE)


def _check(board, cc, path):
    """That cc is a compiler, and finds its C library: Debian packs the two apart."""
    command = [cc, *board.machine_flags, *specs(board, path), "-E", "-P", "-x", "c", "-"]
    try:
        probe = subprocess.run(command, input=_PROBE, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise _broken(board, cc, error.strerror) from error
    if not probe.returncode:
        if not re.search(r"^iree_gcc \d+", probe.stdout, re.MULTILINE):
            raise _broken(board, cc, "it is no C compiler, or a broken one")
        return
    said = probe.stderr.strip().splitlines()
    reason = next((line for line in said if "error:" in line), said[-1] if said else "it says nothing")
    if _ABSENT.search(reason):
        raise _missing(board, f"{cc} does not find its C library ({reason})")
    raise _broken(board, cc, f"exit code {probe.returncode}, {reason}")


def _broken(board, cc, why):
    flags = " ".join([*board.machine_flags, *specs(board)])
    return BaremetalError(f"board {board.name}: {cc} does not work: {why}. Its flags are {flags or 'none'}. Try: {cc} --version")


def _missing(board, what):
    packages = _PACKAGES.get(board.toolchain)
    if packages:
        mend = system_packages.install(*packages)
    else:
        mend = f"Install the GNU toolchain {board.toolchain}, with a C library for the board."
    return BaremetalError(f"board {board.name}: {what}. {mend}")
