"""What object files and libraries bring: the sections that take memory, and the functions and data they define."""

import io
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ..errors import BaremetalError

_ARCHIVE, _HEADER = b"!<arch>\n", 60  # bytes of a member's header; its size in decimal from byte 48 on


def contents(paths):
    """(names of allocated sections, names of global definitions) in the objects and static libraries at paths."""
    sections, symbols = set(), set()
    for path in paths:
        try:
            for stream in _members(Path(path).read_bytes()):
                _add(ELFFile(stream), sections, symbols)
        except (OSError, ELFError, ValueError) as error:
            raise BaremetalError(f"{path}: cannot be read as an object or a library ({error}).") from error
    return sections, symbols


def _members(data):
    """Streams of the ELF files in data: one object, or all of a library."""
    if not data.startswith(_ARCHIVE):
        yield io.BytesIO(data)
        return
    at = len(_ARCHIVE)
    while at + _HEADER <= len(data):
        size = int(data[at + 48 : at + 58])
        member = data[at + _HEADER : at + _HEADER + size]
        if member.startswith(b"\x7fELF"):  # not the table of symbols or of long names
            yield io.BytesIO(member)
        at += _HEADER + size + size % 2


def _add(elf, sections, symbols):
    for section in elf.iter_sections():
        if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_size"]:
            sections.add(section.name)
        if isinstance(section, SymbolTableSection):
            symbols.update(
                s.name for s in section.iter_symbols() if s["st_shndx"] != "SHN_UNDEF" and s["st_info"]["bind"] == "STB_GLOBAL"
            )
