"""What stands in the emulator for the bootloader of a firmware that lies behind one: 8 bytes, which start it."""

import struct
from pathlib import Path

from ..board import cores
from ..errors import BaremetalError


def is_needed(board):
    """Whether board's core does not begin with the firmware itself."""
    return not board.is_host and board.reset_address != board.vector_address


def path(elf):
    """Where the stub of the firmware elf is: beside it."""
    return Path(elf).with_suffix(".boot")


def write(board, elf):
    """Writes the stub for the firmware elf, a path; `BaremetalError` if it cannot be read."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        with open(elf, "rb") as stream:
            content = _content(board, ELFFile(stream))
    except (OSError, ELFError) as error:
        raise BaremetalError(f"{elf}: cannot be read as ELF ({error}).") from error
    path(elf).write_bytes(content)


def _content(board, elf):
    if board.cpu in cores.ARM:  # the end of the stack and the reset vector, which the core loads
        segments = (s for s in elf.iter_segments("PT_LOAD") if s["p_paddr"] == board.vector_address)
        return next((s.data()[:8] for s in segments), bytes(8))
    way = elf["e_entry"] - board.reset_address
    near = (way & 0xFFF ^ 0x800) - 0x800
    return struct.pack("<II", 0x297 | way - near, 0x28067 | (near & 0xFFF) << 20)  # auipc t0, way; jr way(t0)


def options(board, elf):
    """QEMU's options that put the stub of elf where board's core begins."""
    return ["-device", f"loader,file={str(path(elf)).replace(',', ',,')},addr={board.reset_address:#x},force-raw=on"]
