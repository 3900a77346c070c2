"""What can be wrong with a board file, said before anything is built."""

import difflib
import itertools
import re

from ..errors import BaremetalError
from . import cores, linker_script
from .data import FlashTiming, Qemu, Region

_TOOLCHAINS = {"arm-none-eabi": ("arm", "thumb"), "riscv64-unknown-elf": ("riscv32", "riscv64")}


_LARGEST = 2**64  # no address or size is beyond it


def types(assignments, fields):
    """What is wrong with the first value that is not of its field's kind, or None."""
    for key, value in assignments.items():
        f = fields[key]
        if f.default == ():
            if not _is_texts(value):
                return f"{key} is not a list of strings: {shown(value)}"
        elif f.default_factory is dict:
            if not isinstance(value, dict):
                return f'{key} is not a dictionary, as {{"NAME": …}}: {shown(value)}'
            for name, entry in value.items() if key != "memory" else ():
                if not (_is_text(name) and re.fullmatch(_MACRO, name) and (_is_text(entry) or _is_number(entry))):
                    return f"{key} has the entry {shown(name)}: {shown(entry)}, which is not a name and a string or a number"
        elif key == "emulator":
            mistake = value is not None and _emulator(value)
            if mistake:
                return mistake
        elif key == "flash_timing":
            mistake = value is not None and _flash_timing(value)
            if mistake:
                return mistake
        elif f.type in (int, int | None) or isinstance(f.default, int):
            if not _is_number(value) and not (value is None and f.default is None):
                return f"{key} is not a number of bytes or an address: {shown(value)}"
        elif not _is_text(value):
            return f"{key} is not a {'line of text' if isinstance(value, str) else 'string'}: {shown(value)}"
    return None


_MACRO = r"[A-Za-z_]\w*(\([\w, ]*\))?"  # perhaps with parameters


def _emulator(value):
    """What is wrong with the value of the field emulator, or None."""
    if not isinstance(value, Qemu):
        return f"emulator is not Qemu(system, machine, …): {shown(value)}"
    for key in ("system", "machine", "cpu"):
        if not _is_text(getattr(value, key)):
            return f"emulator's {key} is not a string: {shown(getattr(value, key))}"
    if not _is_number(value.icount_shift) or not 0 <= value.icount_shift <= 10:
        return f"emulator's icount_shift is not a number from 0 to 10: {shown(value.icount_shift)}"
    if not _is_texts(value.options):
        return f"emulator's options is not a list of strings: {shown(value.options)}"
    return None


def _flash_timing(value):
    """What is wrong with the value of the field flash_timing, or None."""
    if not isinstance(value, FlashTiming):
        return f"flash_timing is not FlashTiming(line, clocks): {shown(value)}"
    if not _is_number(value.line) or value.line not in (4, 8, 16, 32, 64):
        return f"flash_timing's line is not 4, 8, 16, 32 or 64 bytes: {shown(value.line)}"
    clocks = value.clocks
    if (
        not isinstance(clocks, (list, tuple))
        or not clocks
        or not all(map(_is_number, clocks))
        or list(clocks) != sorted(set(clocks))
        or clocks[0] <= 0
    ):
        return f"flash_timing's clocks are not rising numbers of Hz: {shown(clocks)}"
    return None


def _is_text(value):
    """Whether value is a line of text, which a file or a command line can hold."""
    return isinstance(value, str) and (value.isprintable() or not value)


def _is_texts(value):
    return isinstance(value, (list, tuple)) and all(_is_text(entry) for entry in value)


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


def shown(value):
    """The value as it is written, cut off where it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python does not write out numbers of thousands of digits
        text = f"a very large {type(value).__name__}"
    return text if len(text) < 100 else f"{text[:100]}…"


def values(board):
    """Raises `BaremetalError` for the first thing that is wrong with board."""
    if board.is_host:
        return
    checks = [_core]
    if board.is_core:
        checks += [_flags]
    elif not board.vmfb_only:
        checks += [_flags, _memory, sizes, _code, _interrupts]
    for check in checks:
        mistake = check(board)
        if mistake:
            _refuse(board.path, mistake)
    board.source_files, board.include_paths, board.library_files, board.linker_script_file  # noqa: B018  each says what it misses


def _refuse(path, mistake):
    raise BaremetalError(f"board file {path}: {mistake}.")


def _near(name, known):
    near = difflib.get_close_matches(name, known, 1)
    return f". Did you mean {near[0]}?" if near else f". Known: {', '.join(known)}"


def _core(board):
    """The core itself: triple, CPU and ABI."""
    architecture = board.triple.split("-")[0]
    if "-" not in board.triple:
        return f"triple '{board.triple}' is not an LLVM triple, such as armv7em-none-unknown-eabihf"
    if board.vmfb_only:
        return None
    if board.toolchain not in _TOOLCHAINS:
        return f"toolchain '{board.toolchain}' is not known" + _near(board.toolchain, list(_TOOLCHAINS)).rstrip("?")
    if not architecture.startswith(_TOOLCHAINS[board.toolchain]):
        return f"triple '{board.triple}' and toolchain '{board.toolchain}' are of different architectures"
    known = cores.ARM if board.toolchain.startswith("arm") else cores.RISCV
    if board.cpu not in known:
        return (f"unknown cpu '{board.cpu}'" + _near(board.cpu, list(known))).rstrip("?")
    return None


def _flags(board):
    """What iree-compile is told and what GCC is told must be one and the same core."""
    return _arm_flags(board) if board.cpu in cores.ARM else _riscv_flags(board)


def _arm_flags(board):
    core, mcpu = cores.ARM[board.cpu], cores.gcc_flag(board, "-mcpu")
    fpu, abi = cores.gcc_flag(board, "-mfpu"), cores.gcc_flag(board, "-mfloat-abi")
    if mcpu.split("+")[0] != board.cpu:
        return f"machine_flags have -mcpu={mcpu or '?'} where cpu is '{board.cpu}'"
    if board.float_abi not in ("hard", "softfp", "soft"):
        return f"float_abi '{board.float_abi}' is not 'hard', 'softfp' or 'soft'"
    if fpu and fpu not in core.fpus:
        has = f"can have {', '.join(core.fpus)}" if core.fpus else "has no FPU"
        return f"machine_flags have -mfpu={fpu}, but {board.cpu} {has}"
    if board.float_abi != "soft" and not core.fpus:
        return f"float_abi is '{board.float_abi}', but {board.cpu} has no FPU"
    if (abi or "soft") != board.float_abi:
        return f"machine_flags have -mfloat-abi={abi or 'soft'} where float_abi is '{board.float_abi}'"
    if board.float_abi == "hard" and not board.triple.endswith("hf"):
        return f"float_abi is 'hard', but triple '{board.triple}' does not end in eabihf"
    return None


def _riscv_flags(board):
    width, march = cores.RISCV[board.cpu], cores.gcc_flag(board, "-march")
    if not board.triple.startswith(f"riscv{width}"):
        return f"triple '{board.triple}' and cpu '{board.cpu}' are of different widths"
    if not march.startswith(f"rv{width}"):
        return f"machine_flags have -march={march or '?'} where cpu is '{board.cpu}'"
    if board.abi not in cores.RISCV_ABIS[width]:
        return f"abi '{board.abi}' is not one of {', '.join(cores.RISCV_ABIS[width])}"
    if cores.gcc_flag(board, "-mabi") != board.abi:
        return f"machine_flags have -mabi={cores.gcc_flag(board, '-mabi') or '?'} where abi is '{board.abi}'"
    needs = board.abi[-1] if board.abi[-1] in "fd" else "i"
    if needs not in cores.extensions(board.cpu_features):
        return f"abi '{board.abi}' needs +{needs}, which cpu_features '{board.cpu_features}' lack"
    missing = set(re.sub(r"^rv\d+([a-z]*).*", r"\1", march)) - cores.extensions(board.cpu_features) - {"g"}
    if missing:
        return f"-march={march} has '{min(missing)}', which cpu_features '{board.cpu_features}' lack"
    return None


_SECTIONS = "vectors text rodata data tdata bss stack heap noinit ramfunc sdata sbss tbss got comment".split()


def _interrupts(board):
    if board.interrupts and board.cpu not in cores.ARM:
        return f"interrupts are for Cortex-M; {board.cpu} has one handler for all traps"
    numbers = {}
    for name, number in board.interrupts.items():
        if not re.fullmatch(r"[A-Za-z_]\w*", name) or not _is_number(number) or not 0 <= number < 480:  # Armv8-M, B3.9
            return f"interrupts has the entry {shown(name)}: {shown(number)}, which is not a C function's name and a number from 0 to 479"
        if numbers.setdefault(number, name) != name:
            return f"interrupts has number {number} twice: {numbers[number]} and {name}"
    return None


def _memory(board):
    regions = list(board.memory.items())
    for name, region in regions:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", str(name)):
            return f"memory {shown(name)}: a region's name is of capitals, digits and _"
        if not isinstance(region, Region):
            return f"memory '{name}' is not a Region(origin, length, access)"
        if not _is_number(region.origin) or not _is_number(region.length):
            return f"memory '{name}' has an origin or a length that is no whole number"
        if region.access not in ("rx", "rw", "rwx"):
            return f"memory '{name}' has access {shown(region.access)}, which is not rx, rw or rwx"
        if region.length <= 0 or region.origin < 0:
            return f"memory '{name}' has origin {region.origin} and length {region.length}"
        if region.end > 2**32 and not board.triple.startswith("riscv64"):
            return f"memory '{name}' ends beyond the 32-bit addresses of the core"
    for (a, first), (b, second) in itertools.combinations(regions, 2):
        if first.origin < second.end and second.origin < first.end:
            return f"memory '{a}' and '{b}' overlap"
    if not board.flash or not board.ram:
        return "memory needs a region with access rx, for code, and one with rw or rwx, for data"
    for name, _ in linker_script.further(board):
        if linker_script.section(name) in _SECTIONS:
            return f"memory '{name}' would be filled by sections .{linker_script.section(name)}, which are in every firmware; take another name"
    return None


def sizes(board):
    """What is wrong with the board's stack and heap, or None."""
    if board.stack <= 0 or board.stack % 16 or board.heap < 0 or board.heap % 16:
        return f"stack {board.stack} and heap {board.heap}: not multiples of 16, or no stack"
    name, ram = board.ram
    if board.stack + board.heap > ram.length:
        return f"stack and heap ({board.stack} + {board.heap}) exceed {name} ({ram.length})"
    code, flash = board.flash
    if not flash.origin <= board.vector_address < flash.end:
        return f"vectors {board.vector_address:#x} lie outside {code} ({flash.origin:#x} to {flash.end:#x})"
    return None


def _code(board):
    for key, what in (("startup", "from reset to main"), ("console", "board_write"), ("counter", "board_count")):
        if not getattr(board, key):
            return f"{key} names no file: the board lacks {what}"
    if board.stand_in == board.name:
        return f"stand_in '{board.stand_in}' is the board itself"
    if board.stand_in and board.emulator:
        return f"it has an emulator and stand_in '{board.stand_in}'; set emulator = None or stand_in = \"\""
    return None
