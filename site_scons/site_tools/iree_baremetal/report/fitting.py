"""Which boards have room for an image that its own board has not."""

from .. import board as boards
from ..errors import BaremetalError


def boards_for(report, board, extra=()):
    """The names of boards of the same architecture with room for what report says is used.

    report: a `memory.Report` of an image for board; extra: further folders of board files.
    """
    used = {usage.region: usage.used for usage in report.usages}
    code, data = used[board.flash[0]], used[board.ram[0]]
    found = []
    for name in boards.names(extra):
        try:
            other = boards.load(name, extra)
        except BaremetalError:
            continue  # a broken board file is reported when that board is asked for
        if name == board.name or other.toolchain != board.toolchain or not other.flash:
            continue
        # Each board sets aside a stack of its own.
        if other.flash[1].length >= code and other.ram[1].length >= data - board.stack + other.stack:
            found.append(name)
    return found
