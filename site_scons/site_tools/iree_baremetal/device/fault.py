"""What a fault on the board says, in words: its kind, its place in the program, and what to do.

The firmware prints one line, support/fault.c:

    fault: bus at pc 0x08000b52 lr 0x08000c3b status 0x00008200 address 0x90000000

The rest is known here: the bits of the core's status ("Armv7-M Architecture Reference Manual",
B3.2.15; "RISC-V Privileged Specification", 3.1.15), and the functions and lines of the ELF file.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from ..errors import BaremetalError

OVERFLOW = "stack overflow"

_LINE = re.compile(r"^fault: (.+?) at pc (\w+) lr (\w+) status (\w+) address (\w+)$", re.MULTILINE)

# Bits of the Configurable Fault Status Register.
_CFSR = {
    0: "no code may be run there",
    1: "the memory protection forbids this read or write",
    3: "the return from an exception found a bad stack",
    4: "the stack is where the memory protection forbids it",
    8: "there is no memory to fetch the instruction from",
    9: "there is no memory to read or write",
    10: "a write failed, some instructions before this one",
    11: "the return from an exception found a bad stack",
    12: "the stack is where there is no memory",
    16: "this is no instruction of the core",
    17: "a call or a return went to an address that is no Thumb code",
    18: "the return from an exception is wrong",
    19: "the FPU is off, or not there",
    20: "the stack went below its limit",
    24: "a load or store is misaligned",
    25: "a division by zero",
}
_FAULTS = ("usage", "bus", "memory", "fetch", "load", "store")  # what one calls a fault
_EXCEPTIONS = {2: "NMI", 3: "HardFault", 11: "SVCall", 12: "DebugMonitor", 14: "PendSV", 15: "SysTick"}
_TRAPS = {8: "a system call from user mode", 11: "a system call"}


@dataclass(frozen=True)
class Fault:
    """The line that the firmware printed; 0 stands for what it did not know."""

    kind: str
    pc: int
    lr: int
    status: int
    address: int

    @property
    def line(self):
        return (
            f"fault: {self.kind} at pc {self.pc:#010x} lr {self.lr:#010x} status {self.status:#010x} address {self.address:#010x}"
        )


def find(console):
    """The last `Fault` on the console, a text, or None."""
    found = _LINE.findall(console)
    return Fault(found[-1][0], *(int(number, 16) for number in found[-1][1:])) if found else None


def explain(fault, elf, board):
    """The message: lines on what happened, where in elf, the firmware's path, and the mend.

    Raises `BaremetalError` if elf cannot be read.
    """
    try:
        with open(elf, "rb") as stream:
            program = _Program(ELFFile(stream))
            overflow = _overflowed(fault, program)
            lines = [OVERFLOW if overflow else _kind(fault) + _reason(fault, board)]
            if fault.address and not overflow:
                lines.append(f"  address {fault.address:#010x}{program.data(fault.address) or _region(fault.address, board)}")
            if fault.pc:
                lines.append(f"  at pc {fault.pc:#010x}{program.place(fault.pc)}")
            # What is at lr is executed next: the call stands before it.
            if fault.lr and program.place(fault.lr):
                what = "called from" if fault.pc else "the deepest call in the stack is at"
                lines.append(f"  {what} {fault.lr & ~1:#010x}{program.place(fault.lr, before=2)}")
    except (OSError, ELFError) as error:
        raise BaremetalError(f"{elf}: cannot be read as ELF ({error})") from error
    if overflow:
        lines.append(f"Build with a larger stack=, which is {board.stack:,} bytes now.{_not_counted(elf, board)}")
    else:
        lines.append(f"To see it happen: scons board={(board.part or board).name} … debug")
    return "\n".join(lines)


def _kind(fault):
    return f"{fault.kind} fault" if fault.kind in _FAULTS else fault.kind


def _overflowed(fault, program):
    """Whether the stack has run out, though the core could still tell of it as of another fault."""
    below = program.stack_start - fault.address if program.stack_start and fault.address else 0
    return fault.kind == OVERFLOW or 0 < below <= 4096


def _reason(fault, board):
    """What the core's status adds to the kind."""
    if board.toolchain.startswith("riscv"):
        known = _TRAPS.get(fault.status, f"mcause {fault.status:#x}") if fault.kind == "unexpected trap" else ""
        return f": {known}" if known else ""
    if fault.kind == "exception":
        name = _EXCEPTIONS.get(fault.status, f"interrupt {fault.status - 16}")
        return f" {fault.status}, {name}"
    reasons = [text for bit, text in _CFSR.items() if fault.status >> bit & 1]
    return f": {'; '.join(reasons)}" if reasons else ""


def _region(address, board):
    name = next((name for name, r in board.memory.items() if r.origin <= address < r.end), None)
    return f", in {name}" if name else f", outside the memory of board {board.name}"


def _not_counted(elf, board):
    """What of the stack the linker could not foresee, as the memory report says it."""
    from ..report import image  # with a disassembler

    try:
        depth = image.report(elf, Path(elf).with_suffix(".map"), board).depth
    except BaremetalError:
        return ""
    caveats = "; ".join(depth.caveats())
    return f" Nobody could foresee its depth: there are {caveats}." if caveats else ""


class _Program:
    """Functions, data and lines of an ELF file."""

    def __init__(self, elf):
        table = elf.get_section_by_name(".symtab")
        symbols = list(table.iter_symbols()) if table else []
        self.functions, self.objects = (
            sorted((s["st_value"] & ~odd, s["st_size"], s.name) for s in symbols if s["st_info"]["type"] == kind)
            for kind, odd in (("STT_FUNC", 1), ("STT_OBJECT", 0))
        )
        self.stack_start = next((s["st_value"] for s in symbols if s.name == "__stack_start"), 0)
        self.dwarf = elf.get_dwarf_info() if elf.has_dwarf_info() else None

    def place(self, address, before=0):
        """ ", function+offset, file:line" of code, as far as known; the line is that of so many bytes before."""
        address &= ~1
        function = _nearest(self.functions, address)
        line = self._line(address - before) if function else None
        return "".join(f", {part}" for part in (function, line) if part)

    def data(self, address):
        """ ", object+offset" of a variable or constant, or nothing."""
        found = _nearest(self.objects, address)
        return f", {found}" if found else ""

    def _line(self, address):
        ranges = self.dwarf.get_aranges() if self.dwarf else None
        unit = ranges.cu_offset_at_addr(address) if ranges else None
        if unit is None or not self.dwarf:
            return None
        program, last = self.dwarf.line_program_for_CU(self.dwarf.get_CU_at(unit)), None
        for state in (entry.state for entry in program.get_entries() if entry.state):
            # What the linker left out stays at address 0, where the vectors are.
            if last and last.address and last.address <= address < state.address:
                return f"{_file(program, last.file)}:{last.line}"
            last = None if state.end_sequence else state
        return None


def _nearest(symbols, address):
    """ "name+offset" of the one of (start, size, name) that address lies in, or None."""
    inside = [(start, name) for start, size, name in symbols if start <= address < start + max(size, 2)]
    return f"{inside[-1][1]}+{address - inside[-1][0]:#x}" if inside else None


def _file(program, number):
    """The name of a line program's file; before DWARF 5 they are counted from 1."""
    files = program["file_entry"]
    name = files[number if program["version"] >= 5 else number - 1].name
    return Path(name.decode(errors="replace")).name
