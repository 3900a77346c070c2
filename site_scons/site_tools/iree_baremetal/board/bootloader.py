"""A firmware behind a bootloader: at flash_offset=, or where its board's regions say."""

import dataclasses

from ..errors import BaremetalError
from . import cores, startup_parts


def offset(board, count):
    """board with its code region's first count bytes left to a bootloader; `BaremetalError` if it cannot be."""
    name, code = board.flash
    what = f"flash_offset={count}: board {board.name}"
    if count >= code.length:
        raise BaremetalError(f"{what} has {code.length:,} bytes of {name} in all.")
    if board.linker_script:
        raise BaremetalError(f"{what} has a linker script of its own, {board.linker_script}: say there where the code begins.")
    if board.cpu in cores.ARM:
        if not cores.ARM[board.cpu].vtor:
            raise BaremetalError(
                f"{what}: {board.cpu} takes its vectors from address 0 alone; it has no VTOR to tell it of others. "
                "If your bootloader hands exceptions on, say in a board file of your own where FLASH begins."
            )
        unit = vector_alignment(board)
        if count % unit:
            raise BaremetalError(f"{what}: its vectors must lie at a multiple of {unit}.")
    elif count % 4096:
        raise BaremetalError(f"{what}: not a multiple of 4096.")  # what a jump relative to its page reaches
    moved = dataclasses.replace(code, origin=code.origin + count, length=code.length - count)
    vectors = None if board.vectors is None else board.vectors + count
    twin = board.on_stand_in and offset(board.on_stand_in, count)
    return vectors_moved(dataclasses.replace(board, memory={**board.memory, name: moved}, vectors=vectors, on_stand_in=twin))


def vectors_moved(board):
    """board, with a startup that tells the core of its vectors where these are not those after a reset."""
    core = cores.ARM.get(board.cpu)
    if not core or not core.vtor or not board.flash or board.reset_address == board.vector_address:
        return board
    return dataclasses.replace(board, defines={**board.defines, "BOARD_VTOR": "1"})


def vector_alignment(board):
    """What the address of board's vectors is a multiple of: a power of two, no less than the table (Armv7-M, B3.2.5)."""
    return max(512, 1 << (startup_parts.table_size(board) - 1).bit_length())
