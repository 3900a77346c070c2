"""The instructions of a linked image, by address: what executions are counted of.

They are told by the toolchain's objdump, which knows the vector extensions of Armv8.1-M and RISC-V.
"""

import bisect
import re
import shutil
import subprocess
from dataclasses import dataclass

from elftools.elf.elffile import ELFFile

from ..errors import BaremetalError

# e_machine -> options of objdump. Armv8.1-M is all that a Cortex-M may be, in Thumb whatever symbols are there.
_OPTIONS = {"EM_ARM": ["-marmv8.1-m.main", "-Mforce-thumb,reg-names-std"], "EM_RISCV": []}
_LINE = re.compile(r"\s*([0-9a-f]+):\t([0-9a-f]+(?: [0-9a-f]+)*)\s*\t([^\t]+)(?:\t(.*))?$")
_COMMENT = re.compile(r"\s*(?:[;@]|# ).*$")
_TARGET = re.compile(r"\b(?:0x)?([0-9a-f]+) <.*$")
_LIST = re.compile(r"\{(.*)\}")
_NAME = re.compile(r"([rsdq])(\d+)$")


@dataclass(frozen=True)
class Instruction:
    """One instruction, in objdump's spelling; where it names an address, as in a branch, that is "#0x…".

    words: of 32 bits that it moves, where it moves a list or a pair.
    """

    address: int
    size: int
    mnemonic: str
    operands: str
    words: int = 0

    def __str__(self):
        return f"{self.mnemonic} {self.operands}".rstrip()


class Code:
    """The code of the image at path: instructions and functions by address. toolchain: the prefix of its objdump."""

    def __init__(self, path, toolchain):
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            if elf["e_machine"] not in _OPTIONS:
                raise BaremetalError(f"{path}: no instructions of {elf['e_machine']} are known here.")
            options = _OPTIONS[elf["e_machine"]]
            table = elf.get_section_by_name(".symtab")
            found = [
                (s["st_value"] & ~1, s["st_size"], s.name) for s in table.iter_symbols() if s["st_info"]["type"] == "STT_FUNC"
            ]
        self.functions = sorted((start, size, name) for start, size, name in found if size)
        self.starts = [start for start, _, _ in self.functions]
        program = shutil.which(f"{toolchain}-objdump")
        if not program:
            raise BaremetalError(f"{toolchain}-objdump is not on the search path; it comes with the compiler {toolchain}-gcc.")
        done = subprocess.run([program, "-d", *options, str(path)], capture_output=True, text=True)
        if done.returncode:
            raise BaremetalError(f"{program}: {done.stderr.strip()}")
        self.decoded = {found.address: found for found in map(parse, done.stdout.splitlines()) if found}

    def at(self, address):
        """The `Instruction` at address."""
        return self.decoded.get(address) or Instruction(address, 2, "?", "")

    def function(self, address):
        """The name of the function that holds address, or "?"."""
        number = bisect.bisect_right(self.starts, address) - 1
        if number >= 0:
            start, size, name = self.functions[number]
            if address < start + size:
                return name
        return "?"


def parse(line):
    """The `Instruction` that a line of objdump's is, or None."""
    found = _LINE.match(line)
    if not found:
        return None
    address, octets, mnemonic, operands = found.groups(default="")
    operands = _TARGET.sub(r"#0x\1", _COMMENT.sub("", operands)).strip()
    mnemonic = mnemonic.strip().removesuffix(".n")
    return Instruction(int(address, 16), len(octets.replace(" ", "")) // 2, mnemonic, operands, words(mnemonic, operands))


def words(mnemonic, operands):
    """Words that a load or store of several moves: registers of its list, two for a pair, two for each double."""
    listed = _LIST.search(operands)
    if listed and not mnemonic.startswith(("vld2", "vld4", "vst2", "vst4")):
        return sum(_registers(part.strip()) for part in listed[1].split(","))
    if mnemonic.startswith(("ldrd", "strd")):
        return 2
    if mnemonic in ("vldr", "vstr"):
        return 2 if operands.startswith("d") else 1
    return 0


def _registers(text):
    first, _, last = text.partition("-")
    one, other = _NAME.match(first.strip()), _NAME.match((last or first).strip())
    count = int(other[2]) - int(one[2]) + 1 if one and other else 1
    return count * (2 if text.startswith("d") else 1)
