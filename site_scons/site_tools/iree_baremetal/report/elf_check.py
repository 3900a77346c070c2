"""Is this firmware for that board? Asked of the ELF file itself, before it is flashed.

    $ python -m iree_baremetal check digits.elf --board stm32f4
    digits.elf: for board stm32f4: name, core, memory and vectors agree.

In this order: the board it was linked for, the core it was compiled for, whether all of it lies in
the board's memory, and whether the core finds its vectors (RISC-V: its first instruction). Objects
that are to be linked are held against the core alone.
"""

import struct
from contextlib import contextmanager
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ..board import linker_script
from ..board.data import MARK
from ..errors import BaremetalError
from . import elf_core


@contextmanager
def _opened(path):
    try:
        with open(path, "rb") as stream:
            yield ELFFile(stream)
    except (OSError, ELFError) as error:
        raise BaremetalError(f"{path}: cannot be read as ELF ({error}).") from error


def check(path, board):
    """Raises `BaremetalError` if the firmware at path is not for board."""
    with _opened(path) as elf:
        mistake = _other_board(elf, board) or elf_core.mistake(elf, board) or _outside(elf, board) or _vectors(elf, board)
        mistake = mistake or _not_copied(elf, board)
    if mistake:
        raise BaremetalError(f"{Path(path).name} is not for board {board.name}: {mistake}.")


def check_object(path, board):
    """Raises `BaremetalError` if the object at path is for another core than board's."""
    with _opened(path) as elf:
        mistake = elf_core.mistake(elf, board)
    if mistake:
        raise BaremetalError(
            f"{path} does not go with board {board.name}: {mistake}. Compile it with the board's flags "
            f"(kernels: IREE_TARGETFLAGS; C: {' '.join(board.machine_flags)})."
        )


def _symbols(elf):
    """name -> value."""
    table = elf.get_section_by_name(".symtab")
    return {s.name: s["st_value"] for s in table.iter_symbols()} if isinstance(table, SymbolTableSection) else {}


def _other_board(elf, board):
    marks = {name for name in _symbols(elf) if name.startswith(MARK)}
    if not marks or board.mark in marks:
        return None
    return f"it was linked for board {min(marks).removeprefix(MARK).replace('_', '-')}"


def _outside(elf, board):
    """The first part of the firmware that no region of board holds, in words, or None."""
    pieces = [("segment", s["p_paddr"], s["p_filesz"]) for s in elf.iter_segments("PT_LOAD")]
    for section in elf.iter_sections():
        thread_zeros = section["sh_type"] == "SHT_NOBITS" and section["sh_flags"] & SH_FLAGS.SHF_TLS
        if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and not thread_zeros:
            pieces.append((f"section {section.name}", section["sh_addr"], section["sh_size"]))
    for what, start, size in pieces:
        if size and not any(r.origin <= start and start + size <= r.end for r in board.memory.values()):
            regions = ", ".join(f"{name} {r.origin:#010x} to {r.end:#010x}" for name, r in board.memory.items())
            return f"{what}, {start:#010x} to {start + size:#010x}, lies outside the board's memory ({regions})"
    return None


def _not_copied(elf, board):
    """The first section with initial values in memory to be written where nothing puts them, in words, or None."""
    if board.linker_script:
        return None  # how its startup finds them is its own affair
    symbols = _symbols(elf)
    bases = [("__data_start", "__data_end", "__data_load")]
    names = [f"__{linker_script.section(name)}" for name, region in linker_script.further(board) if "w" in region.access]
    bases += [(f"{name}_start", f"{name}_data_end", f"{name}_load") for name in names]
    copied = [[symbols[name] for name in base] for base in bases if base[0] in symbols]
    writable = [region for region in board.memory.values() if "w" in region.access]
    for section in elf.iter_sections():
        start, size = section["sh_addr"], section["sh_size"]
        holds = section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_type"] != "SHT_NOBITS" and size
        if not holds or not any(r.origin <= start < r.end for r in writable):
            continue
        segments = (s for s in elf.iter_segments("PT_LOAD") if s["p_vaddr"] <= start < s["p_vaddr"] + s["p_memsz"])
        loaded = next((s["p_paddr"] + start - s["p_vaddr"] for s in segments), start)
        if not any(a <= start and start + size <= b and loaded == load + start - a for a, b, load in copied):
            return (
                f"section {section.name} has initial values at {start:#010x}, and the startup does not know of them: "
                f"call it .data{section.name}, or by a further region of the board (BOARD_IN of board.h)"
            )
    return None


def _vectors(elf, board):
    where = board.vector_address
    if elf["e_machine"] == "EM_RISCV":
        if elf["e_entry"] != where:
            return f"its first instruction is at {elf['e_entry']:#010x}, but the core starts at {where:#010x}"
        return None
    segment = next((s for s in elf.iter_segments("PT_LOAD") if s["p_paddr"] <= where < s["p_paddr"] + s["p_filesz"]), None)
    words = segment.data()[where - segment["p_paddr"] :][:8] if segment else b""
    if len(words) < 8:
        return f"nothing lies at {where:#010x}, where the core looks for its vectors"
    stack, reset = struct.unpack("<II", words)
    if not any("w" in r.access and r.origin < stack <= r.end for r in board.memory.values()):
        return f"its vectors, at {where:#010x}, begin with {stack:#010x}, which is no stack in the board's RAM"
    if not reset & 1 or not any(r.origin <= reset < r.end for r in board.memory.values()):
        return f"its reset vector, {reset:#010x}, is no Thumb code in the board's memory"
    return None
