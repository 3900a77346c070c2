"""A GDB that is told what to do by its machine interface ("Debugging with GDB", chapter "GDB/MI").

GDB knows the servers' protocol, flash and targets; what is asked of it here are commands one by one, each with
a time limit. It runs in a session of its own, so what interrupts a build does not reach it half-way: `close` ends it.
"""

import os
import queue
import re
import subprocess
import threading
import time

from .. import processes
from ..errors import BaremetalError

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "b": "\b", "e": "\x1b"}
_CHUNK = 16384  # bytes of memory in one command


class GdbError(BaremetalError):
    """GDB refused a command, or what it is connected to did; the text is its own."""


class TooLate(GdbError):
    """There was no answer within the time."""


class Gdb:
    """GDB at path program, with the symbols of elf, in folder, or here. `close` must be called at the end."""

    def __init__(self, program, elf, folder=None):
        line = [program, "-nx", "-q", "--interpreter=mi2"]
        try:
            self._process = subprocess.Popen(
                line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, cwd=folder
            )
        except OSError as error:
            raise BaremetalError(f"cannot run {program}: {error.strerror}") from error
        assert self._process.stdin and self._process.stdout
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._lines, self._said, self._printed = queue.Queue(), [], []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        for command in ("-gdb-set confirm off", "-gdb-set pagination off", "-gdb-set height 0", "-gdb-set width 0"):
            self.command(command)
        self.command(f"-file-exec-and-symbols {_quoted(os.path.abspath(elf))}")

    def _read(self):
        with self._stdout:  # closed here alone, as a thread may not close what another reads
            for line in self._stdout:
                self._lines.put(line.decode(errors="replace").rstrip("\r\n"))
        self._lines.put(None)

    def command(self, text, timeout=20):
        """The results of an MI command, by name; a `GdbError` with GDB's words where it fails."""
        self._send(text)
        deadline = time.monotonic() + timeout
        while True:
            line = self._next(deadline, text)
            if line.startswith("^error"):
                raise GdbError(_results(line).get("msg") or line)
            if line.startswith("^"):
                return _results(line)

    def console(self, text, timeout=20):
        """What GDB prints for one of its own commands, and what the server does."""
        self._said = []
        self.command(f"-interpreter-exec console {_quoted(text)}", timeout)
        return "".join(self._said)

    def value(self, expression):
        """The value of an expression, a whole number."""
        return int(self.command(f'-data-evaluate-expression "(unsigned long)({expression})"')["value"].split()[0], 0)

    def read(self, address, size):
        """size bytes of memory from address on."""
        data = b""
        while len(data) < size:
            found = self.command(f"-data-read-memory-bytes {address + len(data):#x} {min(size - len(data), _CHUNK)}")
            data += bytes.fromhex(found["contents"])
        return data

    def write(self, address, data):
        """Writes bytes into memory from address on."""
        for start in range(0, len(data), _CHUNK):
            self.command(f"-data-write-memory-bytes {address + start:#x} {data[start : start + _CHUNK].hex()}")

    def resume(self, deadline):
        """Lets the program go on until it stops: the results of the stop, such as reason. `TooLate` at deadline, a
        `time.monotonic()`."""
        self.command("-exec-continue")
        return self.stopped(deadline)

    def stopped(self, deadline):
        """The results of the next stop; a `GdbError` where the server is gone, which GDB says without a stop."""
        is_gone = False
        while True:
            line = self._next(deadline, "-exec-continue")
            if line.startswith("*stopped"):
                return _results(line)
            if is_gone and line.startswith("&"):
                raise GdbError(_unescaped(line[2:-1]).strip())
            is_gone |= line.startswith("=thread-group-exited") and "exit-code" not in line

    def text(self):
        """What the target printed through GDB since the last call."""
        printed, self._printed = "".join(self._printed), []
        return printed

    def close(self):
        """Lets go of the server, which leaves the target as it is, and ends GDB."""
        try:
            self._send("-target-disconnect")
            self._send("-gdb-exit")
            self._process.wait(2)
        except (GdbError, subprocess.TimeoutExpired):
            processes.kill(self._process.pid)
            self._process.wait()
        self._stdin.close()
        self._reader.join(2)

    def _send(self, text):
        try:
            os.write(self._stdin.fileno(), f"{text}\n".encode())
        except (OSError, ValueError) as error:
            raise GdbError(f"GDB has ended: {error}") from error

    def _next(self, deadline, waiting):
        try:
            line = self._lines.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise TooLate(f"no answer in time to {waiting}") from None
        if line is None:
            self._lines.put(None)
            raise GdbError(f"GDB ended at {waiting}")
        kind, text = line[:1], _unescaped(line[2:-1])
        if kind in ("~", "&", "@"):  # GDB's own words, what went wrong, and the target's
            self._said.append(text)
        if kind == "@":
            self._printed.append(text)
        return line


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _results(line):
    """name -> value of a record's results, of the nested ones too; the first of a name counts."""
    found = {}
    for name, value in re.findall(r'([\w-]+)="((?:[^"\\]|\\.)*)"', line):
        found.setdefault(name, _unescaped(value))
    return found


def _unescaped(text):
    """The text of a C string: GDB writes bytes beyond ASCII in octal."""

    def one(match):
        word = match[1]
        return _ESCAPES.get(word, word) if not word[0].isdigit() else chr(int(word, 8))

    plain = re.sub(r"\\([0-7]{3}|.)", one, text)
    try:
        return plain.encode("latin-1").decode()
    except UnicodeError:
        return plain
