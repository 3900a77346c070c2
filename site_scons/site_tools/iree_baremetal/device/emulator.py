"""Running a board's program: firmware in QEMU, the host's own program as it is."""

import functools
import shutil
import subprocess
from dataclasses import dataclass

from .. import system_packages
from ..errors import BaremetalError, FirmwareError
from . import boot_stub

_PACKAGES = {"arm": "qemu-system-arm", "aarch64": "qemu-system-arm", "riscv32": "qemu-system-misc"}


@dataclass(frozen=True)
class Result:
    """What a run left: the program's exit code, its console, and what the emulator had to say."""

    returncode: int
    stdout: str
    stderr: str


def command(board, elf, arguments=(), path=None, options=()):
    """The command line that runs elf, with arguments, on board.

    The console is on stdout, whether the firmware uses the UART or semihosting. Semihosting also
    gives the program the files of this machine, and its arguments joined by blanks: an argument
    must hold none. Raises BaremetalError where there is no emulator; path: where to look for it;
    options: further ones for it.
    """
    elf, arguments = str(elf), [str(a) for a in arguments]
    blank = next((a for a in arguments if not a or any(c.isspace() for c in a)), None)
    if blank is not None:
        raise BaremetalError(
            f"board {board.name}: the argument '{blank}' is empty or has a blank in it, which a "
            "board cannot tell from the end of the argument. Use a relative path without blanks."
        )
    if board.is_host:
        return [elf, *arguments]
    qemu = board.emulator
    if qemu is None:
        raise BaremetalError(f"board {board.name} has no emulator: {board.path} sets none.")
    program = shutil.which(f"qemu-system-{qemu.system}", path=path)
    if not program:
        package = _PACKAGES.get(qemu.system, "qemu-system-misc")
        raise BaremetalError(
            f"board {board.name}: no qemu-system-{qemu.system} on the search path. {system_packages.install(package)}"
        )
    semihosting = ["enable=on", "target=native", "chardev=console"]
    semihosting += [f"arg={_escape(a)}" for a in ("firmware", *arguments)]
    if boot_stub.is_needed(board):  # IreeFirmware wrote it; other linkers did not
        boot_stub.write(board, elf)
    return [
        program,
        *("-machine", qemu.machine),
        *(("-cpu", qemu.cpu) if qemu.cpu else ()),
        *devices(board, elf),
        *("-semihosting-config", ",".join(semihosting)),
        *sandbox(program),
        *options,
        *("-kernel", elf),
    ]


@functools.cache
def sandbox(program):
    """The options by which the QEMU at path program starts no further programs, where it can be told so.

    Semihosting has a call that hands a command line to this machine's shell.
    """
    options = ["-sandbox", "on,spawn=deny,elevateprivileges=deny"]
    try:
        probe = [program, "-machine", "none", "-nodefaults", "-display", "none", "-monitor", "stdio", *options]
        done = subprocess.run(probe, input=b"quit\n", capture_output=True, timeout=20)
        return options if done.returncode == 0 else []
    except (OSError, subprocess.TimeoutExpired):
        return []


def devices(board, elf):
    """QEMU's options for what is around board's core: a clock that counts instructions, the console, and what
    starts elf, a path, where a bootloader would."""
    return [
        *(boot_stub.options(board, elf) if boot_stub.is_needed(board) else ()),
        *("-icount", f"shift={board.emulator.icount_shift}"),
        *("-display", "none", "-monitor", "none", "-parallel", "none"),
        *("-chardev", "stdio,id=console,mux=on", "-serial", "chardev:console"),
        *board.emulator.options,
    ]


def run(board, elf, arguments=(), timeout=120, cwd=None, options=(), cluster=None, reads=(), writes=()):
    """Runs elf on board; the `Result` of its run, whatever its exit code.

    cluster: a `cluster.client.Cluster` to run it, or None; reads, writes: the program's files, and the emulator's. timeout is in seconds. Raises FirmwareError when it is over, with the last that was printed,
    and when the emulator gives up.
    """
    line = command(board, elf, arguments, options=options)
    try:
        if cluster:
            given = [elf, *reads, *([boot_stub.path(elf)] if not board.is_host and boot_stub.is_needed(board) else [])]
            done = cluster.run(line, timeout, given, writes, cwd or ".", given=b"")
        else:
            done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, cwd=cwd)
    except subprocess.TimeoutExpired as late:
        last = _tail(_text(late.stdout)) or "nothing"
        raise FirmwareError(
            f"board {board.name}: {elf} did not end within {timeout} s (run_timeout=SECONDS gives it more). It printed last: {last}"
        ) from None
    except OSError as error:
        message = f"board {board.name}: cannot run {line[0]}: {error.strerror}"
        raise BaremetalError(message) from error
    result = Result(done.returncode, _text(done.stdout), _text(done.stderr))
    if not board.is_host and result.returncode and _failed(result.stderr):
        raise FirmwareError(
            f"board {board.name}: the emulator failed on {elf}, with -machine {board.emulator.machine}: {_tail(result.stderr)}"
        )
    return result


def _failed(stderr):
    """Whether QEMU itself gave up; the firmware's exit code looks just the same."""
    return any(line.startswith("qemu") and ": warning: " not in line and ": info: " not in line for line in stderr.splitlines())


def _escape(text):
    """A comma ends one of QEMU's suboptions, and two stand for one."""
    return text.replace(",", ",,")


def _text(data):
    return (data or b"").decode(errors="replace").replace("\r\n", "\n")


def _tail(text, lines=5):
    return "\n".join(text.strip().splitlines()[-lines:])
