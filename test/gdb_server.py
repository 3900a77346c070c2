"""QEMU as the GDB server of a debug probe: a core that waits, with nothing in its memory yet."""

import contextlib
import os
import re
import socket
import subprocess
import threading
import time

from iree_baremetal.device import emulator


def free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def qemu_version():
    """(major, minor)"""
    said = subprocess.run(["qemu-system-arm", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.search(r"version (\d+)\.(\d+)", said).groups())


@contextlib.contextmanager
def qemu(board, file_io=False, lost_with=None):
    """host:port of the server for board, on its stand-in where it has one; with file_io it hands semihosting to GDB.
    It is gone as soon as there is a file lost_with."""
    port, line = free_port(), emulator.command(board.emulated, os.devnull)
    line = line[: line.index("-kernel")]
    at = line.index("-semihosting-config")
    line[at : at + 2] = ["-semihosting-config", "enable=on,target=gdb"] if file_io else []
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*line, "-S", "-gdb", f"tcp:localhost:{port}"], **quiet) as process:
        try:
            _wait_for(lambda: _listens(port), f"QEMU does not listen at {port}")
            if lost_with:
                threading.Thread(target=lambda: _wait_for(lost_with.exists, "no file") or process.kill(), daemon=True).start()
            yield f"localhost:{port}"
        finally:
            process.kill()


def _listens(port):
    with socket.socket() as probe:  # QEMU takes another connection after this one
        return probe.connect_ex(("localhost", port)) == 0


def _wait_for(condition, what):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise TimeoutError(what)
