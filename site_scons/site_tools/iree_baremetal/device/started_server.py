"""A debug probe's GDB server that is ours: started with the board's data, and ended whatever happens."""

import contextlib
import queue
import re
import shutil
import socket
import subprocess
import threading
import time

from .. import processes
from ..errors import BaremetalError
from . import gdb_servers
from .probe import Server

_READY = 30  # seconds until it listens


def choose(board, wanted="", path=None):
    """The name, of `gdb_servers.ALL`, of a server for board: wanted, or the first that its file knows and that is on path."""
    usable = [name for name, kind in gdb_servers.ALL.items() if kind.usable(board)]
    if not usable:
        raise BaremetalError(
            f"board {board.name} names no debug probe: {board.path} sets neither probe, the chip's name for pyOCD and probe-rs, nor "
            "openocd, OpenOCD's configuration files, nor jlink, J-Link's name of it. Start a server yourself: gdb_server=host:port."
        )
    if wanted and wanted not in usable:
        raise BaremetalError(
            f"gdb_server={wanted}: board {board.name}'s file knows {', '.join(usable)}; or host:port, of a server that runs."
        )
    tried = [wanted] if wanted else usable
    found = next((name for name in tried if shutil.which(gdb_servers.ALL[name].PROGRAM, path=path)), None)
    if not found:
        ways = "; or ".join(gdb_servers.ALL[name].INSTALL for name in tried)
        raise BaremetalError(
            f"board {board.name}: no {' or '.join(gdb_servers.ALL[name].PROGRAM for name in tried)} on the search path, to reach the part. Install it: {ways}"
        )
    return found


@contextlib.contextmanager
def started(board, name, serial="", path=None):
    """The `Server` called name, while it runs; a `BaremetalError` with its own words, and what they mean, where it does not.

    serial: the probe's serial number, where there are several.
    """
    kind, port = gdb_servers.ALL[name], _free_port()
    words = kind.command(board, port, serial)
    words[0] = shutil.which(words[0], path=path) or words[0]
    try:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise BaremetalError(f"board {board.name}: cannot run {words[0]}: {error.strerror}") from error
    said = _Said(process.stdout)
    try:
        if not said.comes(kind.READY, _READY):
            how = f"ended with exit code {process.wait()}" if said.is_over else f"did not listen within {_READY} s"
            raise BaremetalError(_explained(kind, said, f"board {board.name}: {name} {how}."))
        yield Server(f"localhost:{port}", name, kind.RESETS, kind.QUIET, kind.FILE_IO, lambda text: _explained(kind, said, text))
    finally:
        processes.kill(process.pid)
        process.wait()
        said.close()


class _Said:
    """What a server prints, gathered while it runs; is_over: it prints no more, as it has ended."""

    def __init__(self, stream):
        self.lines, self.is_over, self._new, self._stream = [], False, queue.Queue(), stream
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def close(self):
        self._stream.close()

    def _read(self, stream):
        with contextlib.suppress(ValueError, OSError):  # closed
            for line in stream:
                self.lines.append(line.decode(errors="replace").rstrip())
                self._new.put(self.lines[-1])
        self.is_over = True
        self._new.put(None)

    def comes(self, pattern, seconds):
        """Whether a line with pattern comes within seconds, before the end."""
        deadline = time.monotonic() + seconds
        with contextlib.suppress(queue.Empty):
            while (line := self._new.get(timeout=max(0, deadline - time.monotonic()))) is not None:
                if re.search(pattern, line):
                    return True
        return False


def _explained(kind, said, text):
    """text, the last that the server said, and what that means, as far as it is known."""
    last = [line for line in said.lines if line][-6:]
    meaning = next(
        (
            words
            for pattern, words in kind.MEANINGS.items()
            if any(re.search(pattern, line) for line in [text, *reversed(said.lines)])
        ),
        "",
    )
    return "\n".join([text, *(f"  {line}" for line in last), *([meaning] if meaning else [])])


def _free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]
