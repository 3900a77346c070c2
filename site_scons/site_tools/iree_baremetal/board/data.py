"""What a board is: its core, its memory, its code and its emulator, as data."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import BaremetalError

KB, MB = 1024, 1024 * 1024
MHZ = 1_000_000

MARK = "__iree_board_"  # what the symbol begins with that names a firmware's board

SUPPORT = Path(__file__).resolve().parents[1] / "support"  # C for boards, shared by all of them


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
class FlashTiming:
    """How fast the part's flash is. line: bytes that it gives at once. clocks: the highest clocks, in Hz, at which it takes
    0, 1, 2, … wait states, at the supply and the power range in which the core is fastest."""

    line: int
    clocks: tuple

    def waits(self, clock):
        """Wait states at clock, in Hz; `BaremetalError` where it is above all."""
        found = next((n for n, highest in enumerate(self.clocks) if clock <= highest), None)
        if found is None:
            raise BaremetalError(f"clock={clock / 1e6:g}M: the flash of this part serves up to {self.clocks[-1] / 1e6:g} MHz.")
        return found


@dataclass(frozen=True)
class Qemu:
    """How QEMU runs the board's firmware.

    system: the emulator's suffix, as in ``qemu-system-<system>``.
    machine: QEMU's ``-machine``; cpu: its ``-cpu`` where the machine's default does not serve.
    icount_shift: virtual nanoseconds of one instruction, as a power of two; with the board's
        counter it makes ``board_count()`` exact.
    options: further arguments.
    reset: where the machine's core looks for its vectors after a reset, if not at the multiple of 16 MB below the code.
    """

    system: str
    machine: str
    cpu: str = ""
    icount_shift: int = 0
    options: tuple = ()
    reset: int | None = None


@dataclass(frozen=True)
class Board:
    """One board. Sizes are in bytes; files are beside the board file that names them, or in SUPPORT."""

    name: str
    path: Path
    description: str
    # The core, in the words of GCC and LLVM.
    toolchain: str  # "arm-none-eabi", "riscv64-unknown-elf"; "" where nothing but a .vmfb is made
    triple: str  # LLVM's; "host" is this machine
    cpu: str = ""  # for iree-compile
    cpu_features: str = ""  # for iree-compile, as in "+m,+f"
    float_abi: str = ""  # Arm: "hard", "softfp" or "soft"
    abi: str = ""  # RISC-V: "ilp32f"; for iree-compile
    machine_flags: tuple = ()  # GCC's -mcpu, -mfpu, -march, -mabi, …: for compiling and linking
    specs: tuple = ()  # GCC's --specs for the C library
    # Memory. The first region without "w" holds code and constants, the first with it the data.
    memory: dict = field(default_factory=dict)
    vectors: int | None = None  # where the core looks for vectors, or starts; None: where the code begins
    interrupts: dict = field(default_factory=dict)  # Cortex-M: the part's interrupts, handler -> number: {"TIM2_IRQHandler": 28}
    stack: int = 0
    heap: int = 0  # for deployments with a heap
    linker_script: str = ""  # of its own; otherwise made from the regions
    # Code of the board: from reset to main, its console, its counter, anything else.
    startup: tuple = ()
    console: str = ""
    counter: str = ""
    sources: tuple = ()
    include: tuple = ()  # folders of headers
    libraries: tuple = ()  # archives to link with
    link_flags: tuple = ()  # further flags for GCC as linker
    entry: str = "_start"  # the symbol where the startup code begins
    defines: dict = field(default_factory=dict)
    # Macros of IREE's runtime, as upstream's bare-metal guide asks for them.
    runtime_macros: dict = field(default_factory=dict)
    device: dict = field(default_factory=dict)  # what vendors' libraries call it, for bsp=: see bsp.py
    emulator: Qemu | None = None
    stand_in: str = ""  # where QEMU lacks the part: the board whose machine runs its firmware
    clock: int = 0  # of the core, in Hz, as the startup code leaves it; 0: not known
    flash_timing: FlashTiming | None = None  # what its flash adds to cycles; None: not known
    tried_on: str = ""  # of a core by itself: the board whose machine and support code run what is made for it
    probe: str = ""  # chip name for the debug probe's software: pyOCD, probe-rs
    jlink: str = ""  # the same for J-Link
    openocd: tuple = ()  # OpenOCD's configuration files: ["board/st_nucleo_f4.cfg"]
    # Not of the file: whether it is a core by itself, of families/, for whoever has startup code and a linker script
    is_core: bool = False
    # Nor this: which file each value is from; this board on its stand-in, and the way back.
    origins: dict = field(default_factory=dict, compare=False, repr=False)
    on_stand_in: "Board | None" = field(default=None, compare=False, repr=False)
    part: "Board | None" = field(default=None, compare=False, repr=False)

    @property
    def is_host(self):
        return self.triple == "host"

    @property
    def emulated(self):
        """The board as the emulator runs it: itself, itself on its stand-in, or None."""
        return self if self.emulator or self.is_host else self.on_stand_in

    @property
    def mark(self):
        """The symbol in a firmware's ELF that says that it is for this board."""
        return MARK + re.sub(r"\W", "_", self.name)

    @property
    def vmfb_only(self):
        """Whether the board is no more than a target for iree-compile."""
        return not self.toolchain and not self.is_host

    @property
    def flash(self):
        """(name, Region) of the code, or None."""
        return next(((n, r) for n, r in self.memory.items() if "w" not in r.access), None)

    @property
    def ram(self):
        """(name, Region) of the data, or None."""
        return next(((n, r) for n, r in self.memory.items() if "w" in r.access), None)

    @property
    def vector_address(self):
        """Where the core looks for its vectors or, on RISC-V, starts."""
        return self.flash[1].origin if self.vectors is None else self.vectors

    @property
    def reset_address(self):
        """Where the core looks for its vectors, or starts, after a reset: elsewhere behind a bootloader.

        Cores begin at multiples of 16 MB; a firmware that lies at none is behind something else.
        """
        if self.emulator and self.emulator.reset is not None:
            return self.emulator.reset
        return self.vector_address & ~(16 * MB - 1)

    @property
    def arena_alignment(self):
        """Of each buffer in the arena: as wide as the widest load and store of the core.

        It is a matter of speed, as kernels are told of it. No microcontroller's vectors have more
        than 16 bytes; the development machine's may have 64.
        """
        return 64 if self.is_host else 16

    @property
    def source_files(self):
        """The absolute paths of the board's code; `BaremetalError` for one that is not there."""
        files = [self._find(name, "startup") for name in self.startup]
        files += [self._find(getattr(self, key), key) for key in ("console", "counter") if getattr(self, key)]
        return files + [self._find(name, "sources") for name in self.sources]

    @property
    def include_paths(self):
        """The absolute paths of include, after SUPPORT, where board.h is."""
        return [SUPPORT, *(self._find(name, "include") for name in self.include)]

    @property
    def library_files(self):
        """The absolute paths of libraries."""
        return [self._find(name, "libraries") for name in self.libraries]

    @property
    def linker_script_file(self):
        """The absolute path of the board's own linker script; None: make one from the regions."""
        return self._find(self.linker_script, "linker_script") if self.linker_script else None

    def _find(self, name, key):
        file = self.origins.get(f"{key}.{name}") or self.origins.get(key, self.path)
        found = next((p for p in (file.parent / name, SUPPORT / name) if p.exists()), None)
        if found is None:
            raise BaremetalError(f"board file {file}: {key} names '{name}', which is neither in {file.parent} nor in {SUPPORT}.")
        if found.is_dir() != (key == "include"):
            kind = "folder" if key == "include" else "file"
            raise BaremetalError(f"board file {file}: {key} names '{name}', which is no {kind}.")
        return found.resolve()
