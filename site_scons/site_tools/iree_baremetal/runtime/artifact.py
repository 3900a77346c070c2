"""What a compiled model needs of the runtime that is to execute it, read from the artefact itself.

Formats: a .vmfb is a ZIP file with one flatbuffer, module.fb, of the schema in upstream's
runtime/src/iree/schemas/bytecode_module_def.fbs; kernels for `static` and `emitc` are an object
with an executable library of runtime/src/iree/hal/local/executable_library.h.
"""

import re
import struct
import zipfile
from dataclasses import dataclass, field

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ..errors import BaremetalError

# Fields of the flatbuffer tables, by their place in the schema.
_DEPENDENCIES, _BYTECODE_VERSION = 5, 13
_NAME, _MINIMUM_VERSION = 0, 1
# Names of executable formats, as the host program asks the device for them.
_FORMAT = re.compile(rb"embedded-elf-\w+|vmvx-bytecode-fb|(?<![\w-])static(?![\w-])")


@dataclass(frozen=True)
class Needs:
    """bytecode: (major, minor), None without bytecode; modules: versions by name; library: the
    executable library's version, None without one; formats: of the kernels."""

    path: str
    bytecode: tuple | None = None
    modules: dict = field(default_factory=dict)
    library: int | None = None
    formats: frozenset = frozenset()


class _Table:
    """A table of a flatbuffer (https://flatbuffers.dev/internals)."""

    def __init__(self, data, position):
        self.data, self.position = data, position

    def u32(self, position):
        return struct.unpack_from("<I", self.data, position)[0]

    def _field(self, index):
        """Where the field lies, or None where it has its default."""
        vtable = self.position - struct.unpack_from("<i", self.data, self.position)[0]
        size = struct.unpack_from("<H", self.data, vtable)[0]
        entry = 4 + 2 * index
        offset = struct.unpack_from("<H", self.data, vtable + entry)[0] if entry < size else 0
        return self.position + offset if offset else None

    def _target(self, position):
        return position + self.u32(position)

    def number(self, index):
        position = self._field(index)
        return self.u32(position) if position else 0

    def text(self, index):
        start = self._target(self._field(index))
        return self.data[start + 4 : start + 4 + self.u32(start)].decode()

    def tables(self, index):
        position = self._field(index)
        if not position:
            return []
        start = self._target(position)
        return [_Table(self.data, self._target(start + 4 + 4 * i)) for i in range(self.u32(start))]


def bytecode(path):
    """The `Needs` of a .vmfb."""
    try:
        with zipfile.ZipFile(path) as archive:
            data = archive.read("module.fb")
        start = data.index(b"IREE") - 4  # the file identifier follows the root's offset
        root = _Table(data, start + struct.unpack_from("<I", data, start)[0])
        version = root.number(_BYTECODE_VERSION)
        modules = {d.text(_NAME): d.number(_MINIMUM_VERSION) for d in root.tables(_DEPENDENCIES)}
    except (OSError, KeyError, ValueError, struct.error, zipfile.BadZipFile) as error:
        raise BaremetalError(f"{path} is not a compiled IREE module (.vmfb): {error}") from error
    formats = frozenset(match.decode() for match in _FORMAT.findall(data))
    return Needs(str(path), (version >> 16, version & 0xFFFF), modules, formats=formats)


def c_module(path):
    """The `Needs` of a host program in C, from ``--output-format=vm-c``."""
    text = open(path, encoding="utf-8").read()
    table = re.search(r"iree_vm_module_dependency_t \w+_dependencies_\[\] = (.*?);", text)
    if not table:
        raise BaremetalError(f"{path} is not a module in C from iree-compile --output-format=vm-c.")
    found = re.findall(r'\{\{"(\w+)", \d+\}, (\d+),', table[1])
    return Needs(str(path), modules={name: int(version) for name, version in found}, formats=frozenset({"static"}))


def kernels(path):
    """The `Needs` of the object of a static library."""
    try:
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            for section in elf.iter_sections():
                for symbol in section.iter_symbols() if isinstance(section, SymbolTableSection) else ():
                    if symbol.name.endswith("_library_query_v0_header"):
                        data = elf.get_section(symbol["st_shndx"]).data()
                        order = "<I" if elf.little_endian else ">I"
                        return Needs(str(path), library=struct.unpack_from(order, data, symbol["st_value"])[0])
    except (OSError, ELFError) as error:
        raise BaremetalError(f"{path} is not an object of kernels: {error}") from error
    raise BaremetalError(f"{path} holds no IREE executable library (symbol *_library_query_v0_header).")


def query_function(path):
    """The name of the query function of a static library's object; "" where it has none."""
    with open(path, "rb") as stream:
        for section in ELFFile(stream).iter_sections():
            for symbol in section.iter_symbols() if isinstance(section, SymbolTableSection) else ():
                if symbol.name.endswith("_library_query") and symbol["st_info"]["bind"] == "STB_GLOBAL":
                    return symbol.name
    return ""
