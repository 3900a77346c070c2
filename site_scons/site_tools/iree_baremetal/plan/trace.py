"""What a kernel does to its buffers, access by access: the very machine code, run in an emulator.

The kernels' object, linked on its own, is run by Unicorn, which tells of every read and write of
the traced buffers.
"""

import contextlib
import importlib
import struct
from array import array
from dataclasses import dataclass

import numpy
from elftools.elf.elffile import ELFFile

from .. import packages
from ..errors import BaremetalError

_PAGE, _STACK = 1 << 12, 1 << 16


@dataclass(frozen=True)
class _Cpu:
    """An instruction set: Unicorn's names for it, and its registers in a call."""

    architecture: str
    modes: tuple
    arguments: tuple
    stack: str
    link: str
    thumb: int = 0


_CPUS = {
    ("EM_ARM", 32): _Cpu("ARM", ("THUMB", "MCLASS"), ("R0", "R1", "R2"), "SP", "LR", 1),
    ("EM_RISCV", 32): _Cpu("RISCV", ("RISCV32",), ("A0", "A1", "A2"), "SP", "RA"),
    ("EM_RISCV", 64): _Cpu("RISCV", ("RISCV64",), ("A0", "A1", "A2"), "SP", "RA"),
}


@dataclass
class Log:
    """The accesses to a kernel's traced buffers in their order.

    One array for each: number of the buffer, offset in it, bytes, whether it is a write.
    """

    buffer: object
    offset: object
    width: object
    is_write: object

    def __eq__(self, other):
        return all(numpy.array_equal(one, another) for one, another in zip(vars(self).values(), vars(other).values()))


def unicorn():
    """The emulator; `BaremetalError` without it."""
    try:
        return importlib.import_module("unicorn")
    except ImportError as error:
        raise BaremetalError(f"overlap=1 traces kernels with Unicorn ({error}): {packages.install('unicorn')}.") from error


def _lift_limit():
    """Lets this process have all address space again: each engine reserves a gigabyte of it, and uses little."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


class Kernels:
    """The kernels of a linked ELF, to be run."""

    def __init__(self, path):
        self.unicorn = unicorn()
        _lift_limit()
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            kind = elf["e_machine"], elf.elfclass
            if kind not in _CPUS:
                raise BaremetalError(f"{path}: overlap=1 knows Arm's M profile and RISC-V, not {elf['e_machine']}.")
            self.cpu = _CPUS[kind]
            self.segments = [(s["p_vaddr"], s["p_memsz"], s.data()) for s in elf.iter_segments() if s["p_type"] == "PT_LOAD"]
            symbols = elf.get_section_by_name(".symtab").iter_symbols()
            self.addresses = {s.name: s["st_value"] for s in symbols if s["st_info"]["type"] == "STT_FUNC"}
            self.pointer = "I" if elf.elfclass == 32 else "Q"
        self.names = importlib.import_module(f"unicorn.{self.cpu.architecture.lower()}_const")

    def run(self, symbol, workgroups, words, contents, traced, limit=None):
        """The `Log` of one dispatch, or None where it cannot be run: what Unicorn lacks, a failure, or limit accesses.

        contents: the bytes of each binding; traced: the numbers of those to log. The layouts of
        what a kernel gets are those of support/direct/iree_direct.h.
        """
        engine, events = self._engine(), array("Q")
        stack = max(start + size for start, size, _ in self.segments) + _PAGE & -_PAGE
        control = stack + _STACK
        starts = self._place(engine, control + 4 * _PAGE, contents, traced)
        engine.mem_map(stack, _STACK + 4 * _PAGE)
        dispatch, workgroup, environment = control + 512, control + 768, control + 1024
        lists = [(words, "I"), (starts, self.pointer), ([len(c) for c in contents], self.pointer)]
        places = [control + n * _PAGE for n in (1, 2, 3)]
        for place, (values, kind) in zip(places, lists):
            engine.mem_write(place, struct.pack(f"<{len(values)}{kind}", *values))
        head = struct.pack("<IIHHIIHBB", 1, 1, 1, len(words), *workgroups, 1, len(starts))
        engine.mem_write(dispatch, head + struct.pack(f"<3{self.pointer}", *places))
        write = self.unicorn.UC_MEM_WRITE

        def seen(engine, kind, address, size, value, data):
            events.append(address << 6 | size << 1 | (kind == write))
            if len(events) == limit:
                engine.emu_stop()

        ends = [(starts[n], starts[n] + len(contents[n])) for n in traced]
        hooks = self.unicorn.UC_HOOK_MEM_READ | self.unicorn.UC_HOOK_MEM_WRITE
        engine.hook_add(hooks, seen, begin=min(ends)[0], end=max(ends)[1] - 1)
        x, y, z = workgroups
        for number in range(x * y * z):
            ids = number % x, number // x % y, number // x // y
            engine.mem_write(workgroup, struct.pack(f"<IIHHI{self.pointer}I", *ids, 0, 0, 0, 0))
            done = self._call(engine, symbol, stack + _STACK - 256, control, (environment, dispatch, workgroup))
            if not done or limit and len(events) >= limit:
                return None
        return _log(events, starts, traced)

    def _place(self, engine, at, contents, traced):
        """Writes contents into pages of their own, those that are traced side by side; their addresses."""
        starts = {}
        for number in sorted(range(len(contents)), key=lambda n: n not in traced):
            size = len(contents[number]) + _PAGE & -_PAGE
            engine.mem_map(at, size)
            engine.mem_write(at, contents[number])
            starts[number] = at
            at += size
        return [starts[number] for number in range(len(contents))]

    def _register(self, name):
        return getattr(self.names, f"UC_{self.cpu.architecture}_REG_{name}")

    def _engine(self):
        mode = sum(getattr(self.unicorn, f"UC_MODE_{name}") for name in self.cpu.modes)
        engine = self.unicorn.Uc(getattr(self.unicorn, f"UC_ARCH_{self.cpu.architecture}"), mode)
        if self.cpu.thumb:
            engine.ctl_set_cpu_model(self.names.UC_CPU_ARM_CORTEX_M33)
        else:
            engine.reg_write(self._register("MSTATUS"), 3 << 13)  # the floating-point unit is on
        for page in sorted({p for start, size, _ in self.segments for p in range(start & -_PAGE, start + size, _PAGE)}):
            engine.mem_map(page, _PAGE)
        for start, _, data in self.segments:
            engine.mem_write(start, data)
        return engine

    def _call(self, engine, symbol, stack, stop, arguments):
        thumb = self.cpu.thumb
        engine.reg_write(self._register(self.cpu.stack), stack)
        engine.reg_write(self._register(self.cpu.link), stop | thumb)
        for name, value in zip(self.cpu.arguments, arguments):
            engine.reg_write(self._register(name), value)
        try:
            engine.emu_start(self.addresses[symbol] | thumb, stop)
        except self.unicorn.UcError:
            return False
        return engine.reg_read(self._register(self.cpu.arguments[0])) == 0


def _log(events, starts, traced):
    packed = numpy.frombuffer(events, "u8")
    address = (packed >> numpy.uint64(6)).astype("i8")
    order = sorted(traced, key=lambda n: starts[n])
    found = numpy.searchsorted([starts[n] for n in order], address, "right") - 1
    offset = address - numpy.array([starts[n] for n in order])[found]
    width = (packed >> numpy.uint64(1) & numpy.uint64(31)).astype("i8")
    return Log(numpy.array(order)[found], offset, width, (packed & numpy.uint64(1)).astype(bool))
