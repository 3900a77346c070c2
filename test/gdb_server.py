"""QEMU as the GDB server of a debug probe: a core that waits, with nothing in its memory yet."""

import contextlib
import os
import socket
import subprocess
import time

from iree_baremetal.device import emulator


def free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def qemu(board, file_io=False):
    """host:port of the server for board, on its stand-in where it has one; with file_io it hands semihosting to GDB."""
    port, line = free_port(), emulator.command(board.emulated, os.devnull)
    line = line[: line.index("-kernel")]
    at = line.index("-semihosting-config")
    line[at : at + 2] = ["-semihosting-config", "enable=on,target=gdb"] if file_io else []
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*line, "-S", "-gdb", f"tcp:localhost:{port}"], **quiet) as process:
        try:
            _wait_for(port)
            yield f"localhost:{port}"
        finally:
            process.kill()


def _wait_for(port):
    for _ in range(200):
        with socket.socket() as probe:  # QEMU takes another connection after this one
            if probe.connect_ex(("localhost", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"QEMU does not listen at {port}")
