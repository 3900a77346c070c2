"""How often each instruction of a firmware is executed: a plugin for QEMU, built when first used.

qemu_plugin/executions.c says what is counted, and in which form.
"""

import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from elftools.elf.elffile import ELFFile

from ..errors import BaremetalError
from ..files import user_cache
from . import emulator

_SOURCE = Path(__file__).parent / "qemu_plugin/executions.c"


@dataclass(frozen=True)
class Block:
    """Instructions that QEMU executes one after the other: their addresses."""

    addresses: tuple


@dataclass
class Segment:
    """A part of a run: Block -> [executions, after how many of them the instruction behind came next]."""

    blocks: dict = field(default_factory=dict)

    def instructions(self):
        """How many instructions were executed."""
        return sum(len(block.addresses) * count for block, (count, _) in self.blocks.items())

    def minus(self, other):
        """This segment without what other executed: the cost of measuring."""
        left = {block: list(counts) for block, counts in self.blocks.items()}
        for block, (count, fell) in other.blocks.items():
            counts = left.setdefault(block, [0, 0])
            counts[0] -= count
            counts[1] -= fell
        return Segment({block: counts for block, counts in left.items() if counts[0]})


def run(board, elf, mark="board_count", reads=(), writes=(), **how):
    """(the run's `emulator.Result`, its `Segment`s): a segment ends where the function mark is entered. how: as for `emulator.run`."""
    program = emulator.command(board, elf)[0]
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder, "counts")
        counting = plugin(program)
        options = ["-plugin", f"{counting},out={counts},mark={_address(elf, mark):#x}"]
        result = emulator.run(board, elf, options=options, reads=[*reads, counting], writes=[*writes, counts], **how)
        return result, _read(counts)


@functools.cache
def plugin(program):
    """The path of the plugin for the QEMU at path program; `BaremetalError` where it takes none, or none can be built."""
    version = _plugin_version(program)
    text = _SOURCE.read_bytes()
    built = user_cache() / f"qemu-plugin-{version}-{hashlib.sha256(text).hexdigest()[:16]}.so"
    if built.exists():
        return built
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler:
        raise BaremetalError(
            "counting executions takes a C compiler for this machine, to build a plugin for QEMU: none is on PATH. Install gcc."
        )
    built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=built.parent) as folder:  # another build may do the same
        made = Path(folder, built.name)
        command = [compiler, "-O2", "-shared", "-fPIC", f"-DPLUGIN_VERSION={version}", "-o", str(made), str(_SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise BaremetalError(f"{compiler} could not build the plugin for QEMU: {done.stderr.strip()}")
        os.replace(made, built)
    return built


def _plugin_version(program):
    """The version of the plugin API, of those that QEMU takes: 9.0 takes 1 no longer, 11.0 nothing below 7."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20).stdout
        offered = subprocess.run([program, "-help"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BaremetalError(f"{program}: {error}") from error
    found = re.search(r"version (\d+)\.", said)
    if not found or "-plugin " not in offered:
        raise BaremetalError(f"{program} was built without plugins: instructions are told, but no cycles.")
    return next(version for first, version in ((11, 7), (9, 2), (0, 1)) if int(found[1]) >= first)


def _address(elf, name):
    with open(elf, "rb") as stream:
        symbols = ELFFile(stream).get_section_by_name(".symtab")
        found = symbols and symbols.get_symbol_by_name(name)
        if not found:
            raise BaremetalError(f"{elf} has no function {name}.")
        return found[0]["st_value"] & ~1  # of Thumb


def _read(path):
    blocks, segments = [], []
    known = {}  # a block that QEMU translated again is the same one
    with open(path) as stream:
        for line in stream:
            kind, *numbers = line.split()
            if kind == "b":
                block = Block(tuple(int(number, 16) for number in numbers))
                blocks.append(known.setdefault(block, block))
            elif kind == "s":
                segments.append(Segment())
            else:
                counts = segments[-1].blocks.setdefault(blocks[int(kind)], [0, 0])
                counts[0] += int(numbers[0])
                counts[1] += int(numbers[1])
    return segments
