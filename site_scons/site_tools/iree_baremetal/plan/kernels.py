"""The kernels' object: the table that IREE's executable-library ABI says it holds.

Read from the object's sections and relocations; the layout is that of version 0.6 in upstream's
runtime/src/iree/hal/local/executable_library.h, written down here for pointers of any size.
"""

from dataclasses import dataclass

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ..errors import BaremetalError

VERSION = 6  # 0.6: IREE 3.11.0 to 3.13.0
LOCAL_MEMORY_PAGE = 4096  # bytes; IREE_HAL_EXECUTABLE_WORKGROUP_LOCAL_MEMORY_PAGE_SIZE


@dataclass(frozen=True)
class Kernel:
    """One entry of the table. local_memory is in bytes."""

    symbol: str
    constant_count: int
    binding_count: int
    workgroup_size: tuple
    local_memory: int


class _Object:
    """Follows pointers in a relocatable object."""

    def __init__(self, elf):
        self.elf = elf
        self.pointer = elf.elfclass // 8
        self.symbols = next(s for s in elf.iter_sections() if isinstance(s, SymbolTableSection))
        self.relocations = {}
        for section in elf.iter_sections():
            if section["sh_type"] in ("SHT_REL", "SHT_RELA"):
                for relocation in section.iter_relocations():
                    self.relocations[section["sh_info"], relocation["r_offset"]] = relocation

    def unsigned(self, place, offset, size):
        section, base = place
        data = self.elf.get_section(section).data()
        return int.from_bytes(data[base + offset : base + offset + size], "little")

    def symbol_at(self, place, offset):
        """The symbol that the pointer at offset refers to and the addend, or None for null."""
        section, base = place
        relocation = self.relocations.get((section, base + offset))
        if relocation is None:
            return None
        symbol = self.symbols.get_symbol(relocation["r_info_sym"])
        addend = relocation["r_addend"] if relocation.is_RELA() else self.unsigned(place, offset, self.pointer)
        return symbol, addend

    def follow(self, place, offset):
        """The place that the pointer at offset refers to."""
        target = self.symbol_at(place, offset)
        return target and (target[0]["st_shndx"], target[0]["st_value"] + target[1])

    def function_name(self, place, offset):
        """The name of the function that the pointer at offset refers to."""
        symbol, addend = self.symbol_at(place, offset)
        if symbol.name and symbol["st_info"]["type"] != "STT_SECTION":
            return symbol.name
        # A relocation against a section: the function is the one that starts there. Bit 0 of an
        # Arm function's value says Thumb.
        where = symbol["st_shndx"], (symbol["st_value"] + addend) & ~1
        for other in self.symbols.iter_symbols():
            if other["st_info"]["type"] == "STT_FUNC" and (other["st_shndx"], other["st_value"] & ~1) == where:
                return other.name
        raise BaremetalError("a kernel of the table has no symbol.")


def read(path):
    """The `Kernel`s of the object at path, in the order of their ordinals."""
    with open(path, "rb") as stream:
        try:
            found = _Object(ELFFile(stream))
        except (ELFError, StopIteration) as error:
            raise BaremetalError(f"{path} is not an ELF object of kernels: {error}") from error
        if not found.elf.little_endian:
            raise BaremetalError(f"{path} is big-endian; only little-endian cores are supported.")
        library = next((s for s in found.symbols.iter_symbols() if s.name.endswith("_library_query_v0")), None)
        if library is None:
            raise BaremetalError(f"{path} holds no IREE executable library (symbol *_library_query_v0).")
        return _table(path, found, (library["st_shndx"], library["st_value"]))


def _table(path, found, library):
    pointer = found.pointer
    header = found.follow(library, 0)
    version = found.unsigned(header, 0, 4)
    if version != VERSION:
        raise BaremetalError(
            f"{path}: executable-library ABI version 0.{version}; deploy=direct knows 0.{VERSION}. "
            "Use iree-base-compiler 3.11.0 to 3.13.0."
        )
    imports = found.unsigned(library, pointer, 4)
    if imports:
        raise BaremetalError(f"{path}: the kernels import {imports} functions at run time; deploy=direct has none to give.")
    exports = (library[0], library[1] + 3 * pointer)
    count = found.unsigned(exports, 0, 4)
    functions, attributes = found.follow(exports, pointer), found.follow(exports, 2 * pointer)
    result = []
    for ordinal in range(count):
        record = (attributes[0], attributes[1] + 64 * ordinal)
        result.append(
            Kernel(
                symbol=found.function_name(functions, ordinal * pointer),
                local_memory=found.unsigned(record, 8, 2) * LOCAL_MEMORY_PAGE,
                constant_count=found.unsigned(record, 10, 1),
                binding_count=found.unsigned(record, 11, 1),
                workgroup_size=tuple(found.unsigned(record, o, n) for o, n in ((12, 4), (16, 4), (20, 2))),
            )
        )
    return result
