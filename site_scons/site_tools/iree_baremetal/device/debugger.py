"""Debugging firmware in the emulator: what serves GDB, and what GDB is told."""

import shutil
import socket

from ..errors import BaremetalError
from . import emulator

HOST = "localhost"
STARTS = ("break main", "continue")


def server(board, elf, port, path=None):
    """The command line of an emulator that waits, before its first instruction, for GDB on port."""
    return [*emulator.command(board, elf, path=path), "-S", "-gdb", f"tcp:{HOST}:{port}"]


def client(board, elf, port, path=None):
    """The command line of a GDB that attaches to `server` and goes to main; on the host it runs elf itself."""
    steps = ("break main", "run") if board.is_host else (f"target remote {HOST}:{port}", *STARTS)
    return [gdb(board, path), str(elf), *(word for step in steps for word in ("-ex", step))]


def part_client(board, elf, address, path=None):
    """The command line of a GDB that writes elf into the part behind the server at address, and goes to main."""
    steps = (f"target remote {address}", "monitor reset halt", "load", "monitor reset halt", *STARTS)
    return [gdb(board, path), str(elf), *(word for step in steps for word in ("-ex", step))]


def gdb(board, path=None):
    """The name of a GDB for board: that of its toolchain, else Debian's for all machines."""
    names = [f"{board.toolchain}-gdb", "gdb-multiarch"] if board.toolchain else ["gdb"]
    return next((name for name in names if shutil.which(name, path=path)), names[-1])


def parse_port(port):
    """port as a number; a `BaremetalError` where it is none."""
    if not str(port).isdecimal() or not 0 < int(port) < 65536:
        raise BaremetalError(f"port={port}: not a port, a number from 1 to 65535.")
    return int(port)


def check_port(port):
    """port as a number; a `BaremetalError` where it is none, or taken."""
    port = parse_port(port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise BaremetalError(
                f"port {port} is taken: {error.strerror}. Choose another with port=, or end what uses it."
            ) from error
    return port
