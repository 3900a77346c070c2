"""Which boards have room for an image."""

from .. import board as boards
from ..board import linker_script
from ..errors import BaremetalError


def boards_for(report, board, extra=()):
    """The names of boards of the same architecture with room for what report says is used, its stack included.

    None where board itself has the room, given a larger stack. report: a `memory.Report` of an image for board;
    extra: further folders of board files.
    """
    code, data, further = _needs(report, board)
    if _has_room(board, code, data + report.wanted_stack, further):
        return []
    found = []
    for name in boards.names(extra):
        try:
            other = boards.load(name, extra)
        except BaremetalError:
            continue  # a broken board file is reported when that board is asked for
        if name != board.name and fits(report, board, other):
            found.append(name)
    return found


def fits(report, board, other):
    """Whether other has room for what report, of an image for board, says is used; None where its architecture is another."""
    if other.toolchain != board.toolchain or not other.flash:
        return None
    code, data, further = _needs(report, board)
    # Each board sets aside a stack of its own; built for it, the image's is as deep as here.
    deep = report.depth.bytes if report.depth else 0
    return other.stack >= deep and _has_room(other, code, data + other.stack, further)


def _needs(report, board):
    """Bytes of code, of data without the stack, and (region, bytes) of further regions that hold something."""
    used = {usage.region: usage.used for usage in report.usages}
    further = [(name, used[name]) for name, _ in linker_script.further(board) if used[name]]
    return used[board.flash[0]], used[board.ram[0]] - report.stack, further


def _has_room(board, code, data, further):
    """Whether board has room for so many bytes of code and data, and for the (region, bytes) of further."""
    rooms = [(board.flash[1], code), (board.ram[1], data), *((board.memory.get(name), size) for name, size in further)]
    return all(region and region.length >= size for region, size in rooms)
