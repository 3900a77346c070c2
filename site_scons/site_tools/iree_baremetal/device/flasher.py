"""Writing firmware into a board's flash, with whichever tool the board names and the machine has."""

import shutil

from ..errors import BaremetalError

# What is used, in the order in which it is tried, and how one comes by it.
TOOLS = {
    "openocd": "sudo apt-get install openocd",
    "pyocd": "pip install pyocd",
    "probe-rs": "https://probe.rs",
    "st-flash": "sudo apt-get install stlink-tools",
}


def usable(board):
    """The tools of TOOLS that board's file says enough for."""
    chip = ("pyocd", "probe-rs") if board.probe else ()
    config = ("openocd",) if board.openocd else ()
    st = ("st-flash",) if board.probe.startswith("stm32") and board.flash else ()
    return [tool for tool in TOOLS if tool in (*chip, *config, *st)]


def commands(board, elf, binary, tool="", path=None):
    """(tool, command lines) to write elf, or binary, which holds the same, and start it.

    tool: one of TOOLS; without it, the first that board names and that is on path (default: PATH).
    """
    candidates = usable(board)
    if board.is_host or not candidates:
        raise BaremetalError(
            f"board {board.name} names no debug probe: {board.path} sets neither probe, the chip's name for "
            "pyOCD and probe-rs, nor openocd, OpenOCD's configuration files."
        )
    if tool and tool not in candidates:
        raise BaremetalError(f"flasher={tool}: board {board.name} can be written with {', '.join(candidates)}.")
    wanted = [tool] if tool else candidates
    found = next((name for name in wanted if shutil.which(name, path=path)), None)
    if not found:
        raise BaremetalError(
            f"board {board.name}: no {' or '.join(wanted)} on the search path. Install it: "
            + "; or ".join(TOOLS[name] for name in wanted)
        )
    return found, _lines(found, board, str(elf), str(binary))


def _lines(tool, board, elf, binary):
    if tool == "pyocd":
        return [["pyocd", "flash", "--no-wait", "--target", board.probe, elf]]
    if tool == "openocd":
        files = [word for file in board.openocd for word in ("-f", file)]
        return [["openocd", *files, "-c", f"program {{{elf}}} verify reset exit"]]
    if tool == "probe-rs":
        return [["probe-rs", step, "--chip", board.probe, *rest] for step, rest in (("download", [elf]), ("reset", []))]
    return [["st-flash", "--reset", "write", binary, f"{board.flash[1].origin:#x}"]]
