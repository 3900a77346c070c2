"""Running firmware on the part itself, by a GDB server: a debug probe's, or any other.

The firmware is written where it differs, the core reset and started. It stops in two places: at the trap in
`semihosting`, where its call is served (semihosting.py), and in `board_write`, whose text is the console. That takes
two breakpoints, registers and memory, which every server has; none needs to know semihosting. With semihosting
"file-io" the server knows it, and hands files and exit to GDB, the server's own way ("File-I/O Remote Protocol
Extension" of "Debugging with GDB").
"""

import re
import shutil
import time
from dataclasses import dataclass

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from .. import system_packages
from ..board import cores
from ..errors import BaremetalError, FirmwareError
from . import debugger
from .emulator import Result
from .gdb import Gdb, GdbError, TooLate
from .semihosting import Exited, Files

SEMIHOSTING = ("memory", "file-io")
_LOAD, _CONNECT, _ANSWER = 600, 15, 10  # seconds
_ENDED = re.compile(rb"\r\n?")
_CPUID, _VTOR = 0xE000ED00, 0xE000ED08
# The part numbers in CPUID: each core's Technical Reference Manual.
_PARTS = {
    0xC20: "cortex-m0", 0xC60: "cortex-m0plus", 0xC23: "cortex-m3", 0xC24: "cortex-m4", 0xC27: "cortex-m7",
    0xD20: "cortex-m23", 0xD21: "cortex-m33", 0xD22: "cortex-m55", 0xD23: "cortex-m85",
}  # fmt: skip
_ALSO = {"cortex-m55": "cortex-m85"}  # which executes what is made for the other
_UNKNOWN = re.compile(r"unknown|invalid|not support|no such|undefined|unrecogni[sz]ed", re.IGNORECASE)


@dataclass(frozen=True)
class Server:
    """Where a GDB server listens, host:port, and the commands of its monitor, by which it resets and halts the core: the
    first that it knows is taken. name: what to call it in messages; explain: what adds the mend to a message of its own."""

    address: str
    name: str
    resets: tuple = ("reset halt", "system_reset", "reset")
    quiet: tuple = ("arm semihosting disable",)  # what keeps it from serving calls in our place
    file_io: tuple = ("arm semihosting enable", "arm semihosting_fileio enable")  # what has it hand them to GDB
    explain: object = staticmethod(lambda text: text)


def own_server(address):
    """The `Server` at address, host:port, that somebody else has started; a `BaremetalError` where it is none."""
    host, colon, port = address.rpartition(":")
    if not colon or not re.fullmatch(r"[\w.\-]+|\[[0-9A-Fa-f:]+\]", host) or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BaremetalError(f"gdb_server={address}: not host:port, as in localhost:3333.")
    return Server(address, f"the GDB server at {address}")


def run(board, elf, arguments=(), timeout=120, cwd=None, *, server, semihosting="memory", path=None):
    """Runs elf on the part behind server, a `Server`; the `Result` of its run, as `emulator.run` has it.

    timeout is in seconds, from the start on. `BaremetalError` where the part cannot be reached or written to,
    `FirmwareError` when the time is over or the core stops where it should not. path: where to look for GDB.
    """
    program = _Program(elf, board)
    name = debugger.gdb(board, path)
    gdb_path = shutil.which(name, path=path)
    if not gdb_path:
        raise BaremetalError(
            f"board {board.name}: no {name} on the search path, by which the part is reached. {system_packages.install('gdb-multiarch')}"
        )
    gdb = Gdb(gdb_path, elf, cwd)
    try:
        _connect(gdb, server, server.quiet if semihosting == "memory" else server.file_io)
        _check_core(gdb, board, server)
        _load(gdb, server, board, elf)
        _start(gdb, server, board, program)
        if semihosting == "memory":
            for address in program.stops:
                gdb.command(f"-break-insert -h *{address:#x}")
        return _serve(gdb, board, program, arguments, timeout, cwd)
    except TooLate as error:
        raise BaremetalError(
            f"board {board.name}: {server.name}: {error}. Is the part powered, awake and out of reset?"
        ) from error
    except GdbError as error:
        raise BaremetalError(server.explain(f"board {board.name}: {server.name}: {error}")) from error
    finally:
        gdb.close()


class _Program:
    """What is known of elf, a path: where it begins and where it stops."""

    def __init__(self, elf, board):
        self.path, self.is_arm = elf, board.cpu in cores.ARM
        try:
            with open(elf, "rb") as stream:
                file = ELFFile(stream)
                self.entry, self.word = file["e_entry"], file.elfclass // 8
                table = file.get_section_by_name(".symtab")
                symbols = {s.name: s for s in table.iter_symbols()} if table else {}
                self.traps = _traps(file, symbols.get("semihosting"), self.is_arm)
        except (OSError, ELFError) as error:
            raise BaremetalError(f"{elf}: cannot be read as ELF ({error}).") from error
        if not self.traps:
            raise BaremetalError(
                f"{elf}: has no semihosting trap, by which files and its exit code come: it ends in none of our support code."
            )
        self.write = symbols["board_write"]["st_value"] & ~1 if "board_write" in symbols else None

    @property
    def stops(self):
        """Where calls are served: few, as a small core has two breakpoints."""
        return [*self.traps, *([self.write] if self.write is not None else [])]


def _traps(file, function, is_arm):
    """The addresses in a function, a symbol, of the instructions that call for semihosting."""
    if not function or not function["st_size"]:
        return []
    pattern, before = (b"\xab\xbe", 0) if is_arm else (bytes.fromhex("1310f001 73001000 13507040"), 4)
    start, section = function["st_value"] & ~1, file.get_section(function["st_shndx"])
    code = section.data()[start - section["sh_addr"] :][: function["st_size"]]
    return [start + found.start() + before for found in re.finditer(re.escape(pattern), code) if found.start() % 2 == 0]


def _connect(gdb, server, commands):
    gdb.command(f"-gdb-set tcp connect-timeout {_CONNECT}")
    for setting in ("mi-async on", "breakpoint always-inserted on", "print frame-arguments presence"):
        gdb.command(f"-gdb-set {setting}")
    gdb.command(f"-gdb-set remotetimeout {_ANSWER}")
    try:
        gdb.command(f"-target-select remote {server.address}", timeout=_CONNECT + _ANSWER)
    except TooLate:
        raise GdbError("it does not answer GDB: it is none, or busy with another debugger") from None
    for command in commands:
        _monitor(gdb, command)
    _reset(gdb, server)


def _monitor(gdb, command):
    """Whether the server knows a command of its monitor."""
    try:
        return not _UNKNOWN.search(gdb.console(f"monitor {command}"))
    except TooLate:
        raise
    except GdbError:
        return False


def _reset(gdb, server):
    any(_monitor(gdb, command) for command in server.resets)
    gdb.console("maintenance flush register-cache")


def _check_core(gdb, board, server):
    """A `BaremetalError` for a part of another core than board's."""
    if board.cpu not in cores.ARM:
        return
    cpuid = int.from_bytes(gdb.read(_CPUID, 4), "little")
    core = _PARTS.get(cpuid >> 4 & 0xFFF)
    if core not in (None, board.cpu, _ALSO.get(board.cpu)):
        raise BaremetalError(
            f"board {board.name} has a {board.cpu}, and {server.name} is connected to a {core}. Choose the board= that is connected."
        )


def _load(gdb, server, board, elf):
    """Writes what differs from elf, and compares."""
    if _differences(gdb) == []:
        return
    try:
        gdb.command("-target-download", _LOAD)
    except TooLate:
        raise GdbError(f"writing {elf} took more than {_LOAD} s") from None
    wrong = _differences(gdb)
    if wrong or wrong is None:
        what = f"{', '.join(wrong)} of {elf}" if wrong else f"what was written of {elf}"
        raise GdbError(
            f"{what} cannot be read back. The flash is locked or protected, or the part is another than board {board.name}'s"
        )


def _differences(gdb):
    """The names of the sections that are not in the part's memory as they are in the file; None where it cannot be read."""
    try:
        said = gdb.console("compare-sections", _LOAD)
    except TooLate:
        raise
    except GdbError:
        return None
    return re.findall(r"^Section (\S+),.*MIS-MATCHED!", said, re.MULTILINE)


def _start(gdb, server, board, program):
    """The core as after a reset, before the first instruction of program."""
    _reset(gdb, server)
    if not program.is_arm:
        return _set(gdb, pc=program.entry)
    stack, reset = (int.from_bytes(gdb.read(board.vector_address + 4 * i, 4), "little") for i in range(2))
    if cores.ARM[board.cpu].vtor:
        gdb.write(_VTOR, board.vector_address.to_bytes(4, "little"))
    _set(gdb, sp=stack, xpsr=1 << 24, pc=reset & ~1)  # xpsr: Thumb


def _set(gdb, **registers):
    words = ", ".join(f"${name} = {value:#x}" for name, value in registers.items())
    gdb.command(f'-data-evaluate-expression "{words}"')


def _serve(gdb, board, program, arguments, timeout, cwd):
    """Lets it run to its end, and serves its calls."""
    console = bytearray()
    names = ("r0", "r1", "lr") if program.is_arm else ("a0", "a1", "ra")
    files = Files(gdb, cwd or ".", list(map(str, arguments)), console.extend, program.word)
    deadline = time.monotonic() + timeout
    gdb.text()
    try:
        while True:
            stop = _resume(gdb, board, program, deadline, timeout, console)
            if stop.get("reason", "").startswith("exited"):
                code = int(stop.get("exit-code", "0"), 8)
                return Result(code, _text(console + gdb.text().encode()), "")
            pc = gdb.value("$pc")
            if pc not in program.stops:
                raise FirmwareError(
                    f"board {board.name}: {program.path} stopped {_where(stop)}. It printed last: {_last(console)}"
                )
            first, second, back = (gdb.value(f"${name}") for name in names)
            if pc == program.write:
                console += gdb.read(first, second)
                _set(gdb, pc=back & ~1)
            else:
                result = files.serve(first & 0xFFFFFFFF, second) & (1 << 8 * program.word) - 1
                _set(gdb, **{names[0]: result}, pc=pc + (2 if program.is_arm else 4))
    except Exited as end:
        return Result(end.code & 0xFF, _text(console), "")
    except TooLate:
        raise
    except GdbError as error:
        raise GdbError(f"{error}, while {program.path} ran. It printed last: {_last(console)}") from error
    finally:
        files.close()


def _resume(gdb, board, program, deadline, timeout, console):
    """The next stop; a `FirmwareError` when the time is over, with the place where it is then."""
    try:
        return gdb.resume(deadline)
    except TooLate:
        pass
    try:
        gdb.command("-exec-interrupt")
        place = f" It is {_where(gdb.stopped(time.monotonic() + 5))}."
    except GdbError:
        place = " Nor can it be stopped: the probe has lost it."
    raise FirmwareError(
        f"board {board.name}: {program.path} did not end within {timeout:g} s.{place} It printed last: {_last(console)}"
    )


def _where(stop):
    line = f", {stop['file']}:{stop['line']}" if "line" in stop else ""
    signal = f", by {stop['signal-name']}" if stop.get("signal-name", "0") not in ("0", "SIGINT", "SIGTRAP") else ""
    return f"at pc {stop.get('addr', '?')}, {stop.get('func', '??')}{line}{signal}"


def _text(data):
    return _ENDED.sub(b"\n", bytes(data)).decode(errors="replace")


def _last(console, lines=5):
    return "\n".join(_text(console).strip().splitlines()[-lines:]) or "nothing"
