"""Boards as data: what the compiler, the linker and the emulator need to know of one.

A board is a Python file of plain assignments, ``boards/<name>.py``. Its names are the fields of
`Board`; `Region`, `Qemu` and `KB`/`MB` are at hand in it. Nothing here runs a tool.
"""

import dataclasses
import difflib
import itertools
from dataclasses import dataclass, field
from pathlib import Path

from .errors import BaremetalError

KB, MB = 1024, 1024 * 1024

# The package's own boards: beside site_scons in a checkout, inside the package in a wheel.
_PACKAGE = Path(__file__).resolve().parent
SUPPORT = _PACKAGE / "support"  # C for boards, shared by all of them
_FOLDERS = (_PACKAGE / "boards", _PACKAGE.parents[2] / "boards")
BUILTIN = next((folder for folder in _FOLDERS if folder.is_dir()), None)


@dataclass(frozen=True)
class Region:
    """A range of the memory map: origin (address), length (bytes), access ("rx", "rw", "rwx")."""

    origin: int
    length: int
    access: str = "rwx"

    @property
    def end(self):
        return self.origin + self.length


@dataclass(frozen=True)
class Qemu:
    """How QEMU runs the board's firmware.

    system: the emulator's suffix, as in ``qemu-system-<system>``.
    machine: QEMU's ``-machine``; cpu: its ``-cpu`` where the machine's default does not serve.
    icount_shift: virtual nanoseconds of one instruction, as a power of two; with the board's
        counter it makes ``board_count()`` exact.
    options: further arguments.
    """

    system: str
    machine: str
    cpu: str = ""
    icount_shift: int = 0
    options: tuple = ()


@dataclass(frozen=True)
class Board:
    """One board. Sizes are in bytes; relative paths start at the board file, then at SUPPORT."""

    name: str
    path: Path
    description: str
    # The core, in the words of GCC and LLVM.
    toolchain: str  # "arm-none-eabi", "riscv64-unknown-elf"; "" is the host's own
    triple: str  # LLVM's; "host" is this machine
    cpu: str = ""  # for iree-compile
    cpu_features: str = ""  # for iree-compile, as in "+m,+f"
    float_abi: str = ""  # "hard" or "soft", for iree-compile
    abi: str = ""  # RISC-V: "ilp32f"; for iree-compile
    machine_flags: tuple = ()  # GCC's -mcpu, -mfpu, -march, -mabi, …: for compiling and linking
    specs: tuple = ()  # GCC's --specs for the C library
    # Memory. The first region without "w" holds code and constants, the first with it the data.
    memory: dict = field(default_factory=dict)
    stack: int = 0
    heap: int = 0  # for deployments with a heap
    linker_script: str = ""  # of its own; otherwise made from the regions
    # Code of the board: files of support/ or the board's own, and where to find headers.
    sources: tuple = ()
    include: tuple = ()
    defines: dict = field(default_factory=dict)
    # Macros of IREE's runtime, as upstream's bare-metal guide asks for them.
    runtime_macros: dict = field(default_factory=dict)
    emulator: Qemu = None
    probe: str = ""  # chip name for the debug probe's software

    @property
    def is_host(self):
        return not self.toolchain

    @property
    def flash(self):
        """(name, Region) of the code, or None."""
        return next(((n, r) for n, r in self.memory.items() if "w" not in r.access), None)

    @property
    def ram(self):
        """(name, Region) of the data, or None."""
        return next(((n, r) for n, r in self.memory.items() if "w" in r.access), None)

    @property
    def source_files(self):
        """The absolute paths of sources; `BaremetalError` for one that is not there."""
        return [self._find(name, "sources") for name in self.sources]

    @property
    def include_paths(self):
        """The absolute paths of include, after SUPPORT, where board.h is."""
        return [SUPPORT, *(self._find(name, "include") for name in self.include)]

    @property
    def linker_script_file(self):
        """The absolute path of the board's own linker script; None: make one from the regions."""
        return self._find(self.linker_script, "linker_script") if self.linker_script else None

    def _find(self, name, where):
        found = next((p for p in (self.path.parent / name, SUPPORT / name) if p.exists()), None)
        if found is None:
            raise BaremetalError(
                f"board file {self.path}: {where} names '{name}', which is neither in "
                f"{self.path.parent} nor in {SUPPORT}."
            )
        return found.resolve()


def search_path(extra=()):
    """Folders with board files, the user's first."""
    return [Path(p) for p in extra] + ([BUILTIN] if BUILTIN else [])


def names(extra=()):
    """The names of all boards found, sorted."""
    files = (file for folder in search_path(extra) for file in folder.glob("*.py"))
    return sorted({file.stem for file in files if file.stem != "__init__"})


def load(name, extra=()):
    """The `Board` called name; `BaremetalError` if there is none or its file is wrong."""
    for folder in search_path(extra):
        if (folder / f"{name}.py").is_file():
            return read(folder / f"{name}.py")
    known = names(extra)
    near = difflib.get_close_matches(name.lower(), known, 1, 0.4)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise BaremetalError(f"no board '{name}'.{hint} Boards: {', '.join(known)}.")


def read(path):
    """The `Board` that the file at path describes."""
    path = Path(path)
    values = {"Region": Region, "Qemu": Qemu, "KB": KB, "MB": MB}
    given = set(values)
    try:
        exec(compile(path.read_text(), str(path), "exec"), values)
    except Exception as error:  # the file is the user's: whatever it raises is a mistake in it
        raise BaremetalError(f"board file {path}: {type(error).__name__}: {error}") from error
    values = {k: v for k, v in values.items() if k not in given and not k.startswith("_")}
    fields = {f.name: f for f in dataclasses.fields(Board)}
    for key in values:
        if key not in fields or key in ("name", "path"):
            near = difflib.get_close_matches(key, fields, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise BaremetalError(f"board file {path}: unknown field '{key}'.{hint}")
    for key, f in fields.items():
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            if key not in values and key not in ("name", "path"):
                raise BaremetalError(f"board file {path}: field '{key}' is missing.")
    for key, value in values.items():
        if fields[key].default == () and not isinstance(value, (list, tuple)):
            raise BaremetalError(f"board file {path}: {key} is not a list: {value!r}.")
    lists = {k: tuple(v) for k, v in values.items() if isinstance(v, list)}
    board = Board(name=path.stem, path=path.resolve(), **{**values, **lists})
    mistake = _mistake(board)
    if mistake:
        raise BaremetalError(f"board file {path}: {mistake}.")
    return board


def _mistake(board):
    """What is wrong with the values of board, in words, or None."""
    if board.is_host:
        return None
    regions = list(board.memory.items())
    for name, region in regions:
        if not isinstance(region, Region):
            return f"memory '{name}' is not a Region(origin, length, access)"
        if region.access not in ("rx", "rw", "rwx"):
            return f"memory '{name}' has access '{region.access}', which is not rx, rw or rwx"
        if region.length <= 0 or region.origin < 0:
            return f"memory '{name}' has origin {region.origin} and length {region.length}"
    for (a, first), (b, second) in itertools.combinations(regions, 2):
        if first.origin < second.end and second.origin < first.end:
            return f"memory '{a}' and '{b}' overlap"
    if not board.flash or not board.ram:
        return "memory needs a region with access rx, for code, and one with rw or rwx, for data"
    if board.stack <= 0 or board.stack % 16 or board.heap < 0 or board.heap % 16:
        return f"stack {board.stack} and heap {board.heap}: not multiples of 16, or no stack"
    name, ram = board.ram
    if board.stack + board.heap > ram.length:
        return f"stack and heap ({board.stack} + {board.heap}) exceed {name} ({ram.length})"
    return None
