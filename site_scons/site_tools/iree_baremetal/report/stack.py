"""The deepest stack of a linked image, read out of its instructions.

Neither GCC's -fstack-usage nor debug information covers all of an image: the kernels are LLVM's,
the C library comes compiled, and a frame pointer hides a frame's size from .debug_frame. The
instructions that move the stack pointer are there in every function, and so are the calls.

What the result leaves out is listed with it: calls through function pointers other than those to
kernels, recursion beyond its first round, frames whose size is computed while running, interrupts.
What it counts, it counts in full, though a path may be one that is never taken.
"""

import bisect
from dataclasses import dataclass, field

import capstone
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ..errors import BaremetalError
from . import instructions

_THUMB = capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS
# By the machine and the width of its addresses in bits.
_ARCHITECTURES = {
    ("EM_ARM", 32): (capstone.CS_ARCH_ARM, _THUMB, instructions.Thumb),
    ("EM_RISCV", 32): (capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV32 | capstone.CS_MODE_RISCVC, instructions.RiscV),
    ("EM_RISCV", 64): (capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV64 | capstone.CS_MODE_RISCVC, instructions.RiscV),
}


@dataclass
class Function:
    """frame: bytes of stack at its deepest, calls left out; calls: address -> bytes in use there."""

    name: str
    address: int
    size: int
    frame: int = 0
    calls: dict = field(default_factory=dict)
    pointer_call: int = -1  # bytes in use where it calls through a pointer, -1 if it does not
    exact: bool = True  # False: part of its frame is computed while running


@dataclass(frozen=True)
class Depth:
    """bytes of stack, and the path of calls there, from the outermost function inwards."""

    bytes: int
    path: tuple
    pointers: tuple = ()  # functions with calls through pointers that lead nobody knows where
    recursive: tuple = ()
    inexact: tuple = ()

    def __str__(self):
        return " > ".join(self.path)

    def caveats(self):
        """What is not counted, one message each."""
        kinds = (
            ("calls through function pointers", self.pointers),
            ("repeated rounds of recursion", self.recursive),
            ("frames sized while running", self.inexact),
        )
        return [f"{kind} in {_some(sorted(names))}" for kind, names in kinds if names]


def _some(names, most=4):
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _symbols(elf):
    """(address -> (function, its section's index), address -> "d" where data starts in code, else code)."""
    functions, marks = {}, {}
    for table in elf.iter_sections():
        if not isinstance(table, SymbolTableSection):
            continue
        for symbol in table.iter_symbols():
            index, value = symbol["st_shndx"], symbol["st_value"]
            if not isinstance(index, int):
                continue
            if symbol["st_info"]["type"] == "STT_FUNC":
                address = value & ~1  # bit 0 says Thumb
                found = functions.setdefault(address, (Function(symbol.name, address, 0), index))[0]
                found.size = max(found.size, symbol["st_size"])
            elif symbol.name[:2] in ("$d", "$t", "$x", "$a"):
                marks[value] = symbol.name[1]
    return functions, marks


def functions(path):
    """Address -> `Function`, of the image at path; `BaremetalError` if its core is not known here."""
    with open(path, "rb") as stream:
        elf = ELFFile(stream)
        kind = elf["e_machine"], elf.elfclass
        if kind not in _ARCHITECTURES:
            raise BaremetalError(f"{path}: stack depth of {kind[0]}, {kind[1]} bits, is not known here.")
        architecture, mode, semantics = _ARCHITECTURES[kind]
        disassembler = capstone.Cs(architecture, mode)
        disassembler.skipdata = True
        found, marks = _symbols(elf)
        names = {address: function.name for address, (function, _) in found.items()}
        sections = {index: elf.get_section(index) for index in {index for _, index in found.values()}}
        code = {index: (section["sh_addr"], section.data()) for index, section in sections.items()}
    by_address, marked = sorted(found), sorted(marks)
    for address, (function, index) in found.items():
        start, data = code[index]
        if not function.size:  # assembly without a size: up to the next
            following = bisect.bisect(by_address, address)
            end = by_address[following] if following < len(by_address) else start + len(data)
            function.size = min(end, start + len(data)) - address

        def word(where, start=start, data=data):
            return int.from_bytes(data[where - start : where - start + 4], "little", signed=True)

        own = data[address - start : address - start + function.size]
        within = marked[bisect.bisect(marked, address) : bisect.bisect_left(marked, address + len(own))]
        _walk(function, _decode(disassembler, own, [address, *within], marks), semantics(names, word))
    return {address: function for address, (function, _) in found.items()}


def _decode(disassembler, code, starts, marks):
    """(address, mnemonic, operands) of the instructions, without the data between them.

    starts: where code begins, and where data or code begins in it, in order.
    """
    address = starts[0]
    for start, stop in zip(starts, [*starts[1:], address + len(code)]):
        if marks.get(start) != "d":
            for where, _, mnemonic, operands in disassembler.disasm_lite(code[start - address : stop - address], start):
                yield where, mnemonic, operands


def _walk(function, code, semantics):
    """One pass in the order of addresses.

    Behind a jump or a return, the depth is what a branch to there had; without one, as behind a
    jump table, the deepest so far.
    """
    depth: int | None = 0
    known = {}
    for address, mnemonic, operands in code:
        if depth is None:
            depth = known.get(address, function.frame)
        step = semantics.step(address, mnemonic, operands)
        depth = max(depth + step.grows, 0)
        function.frame = max(function.frame, depth)
        function.exact &= step.exact
        if step.pointer:
            function.pointer_call = max(function.pointer_call, depth)
        if step.target is not None:
            within = function.address <= step.target < function.address + function.size
            if within and not step.is_call:
                known.setdefault(step.target, depth)
            else:  # a branch out of the function is its last call, often with nothing left of its frame
                function.calls[step.target] = max(function.calls.get(step.target, 0), depth)
        if step.ends:
            depth = None


def deepest(path, kernels=(), callers=(), start=""):
    """The `Depth` from the function start, or without it from the image's entry point.

    kernels, callers: ranges of addresses. The functions in callers call those in kernels through
    pointers.
    """
    found = functions(path)
    with open(path, "rb") as stream:
        entry = ELFFile(stream)["e_entry"] & ~1
    if start:
        entry = next((address for address, function in found.items() if function.name == start), entry)
    if entry not in found:
        raise BaremetalError(f"{path}: no function at its entry point {entry:#x}; was it stripped?")
    targets = [a for a in found if _within(a, kernels)]
    done, active = {}, []
    pointers, recursive, inexact = set(), set(), set()

    def visit(address):
        """(bytes, path of names) below and with the function at address."""
        function = found.get(address)
        if function is None:
            return 0, ()
        if address in active:
            recursive.add(function.name)
            return 0, ()
        if address not in done:
            active.append(address)
            edges = dict(function.calls)
            if function.pointer_call >= 0:
                if targets and _within(address, callers):
                    edges.update((t, max(edges.get(t, 0), function.pointer_call)) for t in targets)
                else:
                    pointers.add(function.name)
            if not function.exact:
                inexact.add(function.name)
            best, below = function.frame, ()
            for target, depth in edges.items():
                size, names = visit(target)
                if depth + size > best:
                    best, below = depth + size, names
            active.pop()
            done[address] = best, (function.name, *below)
        return done[address]

    size, names = visit(entry)
    return Depth(size, names, *(tuple(sorted(s)) for s in (pointers, recursive, inexact)))


def _within(address, ranges):
    return any(start <= address < stop for start, stop in ranges)
