"""The instructions of a linked image, by address: what executions are counted of."""

import bisect
import re
from dataclasses import dataclass

import capstone
from elftools.elf.elffile import ELFFile

from ..errors import BaremetalError

_MODES = {
    ("EM_ARM", 32): (capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS | capstone.CS_MODE_V8),
    ("EM_RISCV", 32): (capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV32 | capstone.CS_MODE_RISCVC),
    ("EM_RISCV", 64): (capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV64 | capstone.CS_MODE_RISCVC),
}
_LIST = re.compile(r"\{(.*)\}")
_NAME = re.compile(r"([rsdq])(\d+)$")


@dataclass(frozen=True)
class Instruction:
    """One instruction, in capstone's spelling. words: of 32 bits that it moves, where it moves a list or a pair."""

    address: int
    size: int
    mnemonic: str
    operands: str
    words: int = 0

    def __str__(self):
        return f"{self.mnemonic} {self.operands}".rstrip()


class Code:
    """An image's code: instructions and functions by address."""

    def __init__(self, path):
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            kind = elf["e_machine"], elf.elfclass
            if kind not in _MODES:
                raise BaremetalError(f"{path}: no instructions of {elf['e_machine']} are known here.")
            self.engine = capstone.Cs(*_MODES[kind])
            # In RAM lies, too, what the start-up code copies there.
            self.parts = sorted((s["sh_addr"], s.data()) for s in elf.iter_sections() if s["sh_flags"] & 4 and s["sh_type"] == "SHT_PROGBITS")
            table = elf.get_section_by_name(".symtab")
            found = [(s["st_value"] & ~1, s["st_size"], s.name) for s in table.iter_symbols() if s["st_info"]["type"] == "STT_FUNC"]
        self.functions = sorted((start, size, name) for start, size, name in found if size)
        self.starts = [start for start, _, _ in self.functions]
        self.decoded = {}

    def at(self, address):
        """The `Instruction` at address."""
        if address not in self.decoded:
            self.decoded[address] = self._decode(address)
        return self.decoded[address]

    def function(self, address):
        """The name of the function that holds address, or "?"."""
        number = bisect.bisect_right(self.starts, address) - 1
        if number >= 0:
            start, size, name = self.functions[number]
            if address < start + size:
                return name
        return "?"

    def _decode(self, address):
        for start, data in self.parts:
            if start <= address < start + len(data):
                for found in self.engine.disasm(data[address - start : address - start + 8], address, 1):
                    return Instruction(address, found.size, found.mnemonic, found.op_str, _words(found.mnemonic, found.op_str))
        return Instruction(address, 2, "?", "")


def _words(mnemonic, operands):
    """Words that a load or store of several moves: registers of its list, two for a pair, two for each double."""
    listed = _LIST.search(operands)
    if listed and not mnemonic.startswith(("vld2", "vld4", "vst2", "vst4")):
        return sum(_registers(part.strip()) for part in listed[1].split(","))
    if mnemonic.startswith(("ldrd", "strd")):
        return 2
    if mnemonic.startswith(("vldr", "vstr")):
        return 2 if operands.startswith("d") else 1
    return 0


def _registers(text):
    first, _, last = text.partition("-")
    one, other = _NAME.match(first.strip()), _NAME.match((last or first).strip())
    count = int(other[2]) - int(one[2]) + 1 if one and other else 1
    return count * (2 if text.startswith("d") else 1)
