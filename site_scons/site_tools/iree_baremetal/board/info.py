"""Boards as text: the list of all, and every value of one with its origin."""

import re

from .. import board as boards
from ..errors import BaremetalError
from . import cores, data
from .data import KB, MB

_HEADING = ("board", "core", "code", "data", "emulator")
_FITS = {True: "yes", False: "no", None: "?"}


def size(count):
    """A number of bytes as boards' data sheets give it: 128 KB."""
    for unit, name in ((MB, "MB"), (KB, "KB")):
        if count and count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count:,} bytes"


def core(board):
    """The core in a few words: "cortex-m4, FPU", "rv32imafc, vectors"."""
    if board.is_host or board.vmfb_only:
        return board.triple.split("-")[0]
    if board.cpu not in cores.ARM:
        march = re.sub(r"_.*", "", cores.gcc_flag(board, "-march"))
        return march + (", vectors" if "+zve" in board.cpu_features or "+v" in board.cpu_features.split(",") else "")
    fpu = [", FPU"] if board.float_abi in ("hard", "softfp") else []
    return "".join([board.cpu, *fpu, ", MVE" if cores.has_mve(board) else ""])


def emulator(board):
    """Where the board's firmware runs without the board, in words."""
    if board.is_host:
        return "runs here"
    if board.vmfb_only:
        return ".vmfb only"
    if not board.emulated:
        return "none"
    machine = board.emulated.emulator.machine
    return f"{machine} stands in" if board.emulated.part else machine


def table(rows, heading=_HEADING):
    """Rows of strings under a heading, in columns."""
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in (heading, *rows))


def listing(path=(), wanted="", fits=None):
    """All boards found, a line each; one whose file is wrong with what is wrong.

    wanted: words, of which each must be in a board's line or description, in small or capital letters; a `BaremetalError`
    where no board has them. fits: says of a `Board` whether something has room there, True, False or None where that is not
    known; a column more.
    """
    heading = (*_HEADING, "fits") if fits else _HEADING
    rows, wrong, words = [], [], wanted.lower().replace(",", " ").split()
    for name in boards.names(path):
        try:
            board = boards.load(name, path)
        except BaremetalError as error:
            wrong.append(f"{name}: {error}")
            continue
        memory = [size(region[1].length) if region else "-" for region in (board.flash, board.ram)]
        row = (name, core(board), *memory, emulator(board))
        if all(word in " ".join([*row, board.description, board.probe, *board.device.values()]).lower() for word in words):
            rows.append((*row, _FITS[fits(board)]) if fits else row)
    if words and not rows:
        raise BaremetalError(
            f"boards={wanted}: no board has that in its name, core, memory or description. scons boards lists them all."
        )
    if words:
        return table(rows, heading)
    alone = [(name, core(found), found.tried_on) for name in boards.core_names(path) for found in [boards.load(name, path)]]
    text = [
        "",
        "For projects with startup code and linker script of their own, a core serves as board:",
        table(alone, ("core", "with", "tried on")),
    ]
    return "\n".join([table(rows, heading), *wrong, *(text if alone else [])])


def _values(board):
    """(name, value as text, origin's key) of every field, and of every entry of a field with several."""
    for key in boards.FIELDS:
        value = getattr(board, key)
        if key == "memory":
            for name, r in value.items():
                text = f"{r.origin:#010x} to {r.end:#010x}  {size(r.length)}  {r.access}"
                yield f"memory {name}", text, f"memory.{name}"
        elif key == "interrupts" and value:
            first, last = min(value, key=value.get), max(value, key=value.get)
            yield key, f"{len(value)}, from {first} ({value[first]}) to {last} ({value[last]})", key
        elif isinstance(value, dict) and value:
            yield from ((f"{key} {name}", str(entry), f"{key}.{name}") for name, entry in value.items())
        elif key in ("sources", "include") and value:
            yield from ((key, entry, f"{key}.{entry}") for entry in value)
        elif key == "clock" and value:
            yield key, f"{value / data.MHZ:g} MHz", key
        elif isinstance(value, data.FlashTiming):
            clocks = ", ".join(f"{clock / data.MHZ:g}" for clock in value.clocks)
            yield key, f"lines of {value.line} bytes; 0, 1, … wait states up to {clocks} MHz", key
        elif isinstance(value, int):
            yield key, f"{value:#x}" if key == "vectors" else size(value), key
        elif isinstance(value, data.Qemu):
            arguments = ["-machine", value.machine, *(["-cpu", value.cpu] if value.cpu else [])]
            icount = ["-icount", f"shift={value.icount_shift}"]
            yield key, " ".join([f"qemu-system-{value.system}", *arguments, *icount, *value.options]), key
        else:
            yield key, (" ".join(value) if isinstance(value, tuple) else str(value or "")) or "-", key


def values(board):
    """Every value of board, and the file that each is from."""
    rows = []
    for name, text, key in _values(board):
        file = board.origins.get(key) or board.origins.get(key.partition(".")[0])
        folder = "families/" if file and file.parent.name == "families" else ""
        rows.append((name, text, f"{folder}{file.name}" if file else "default"))
    found = [f"board {board.name}: {board.description}", str(board.path), table(rows, ("field", "value", "from"))]
    if board.emulated and board.emulated.part:
        found.append(f"on {board.stand_in or board.tried_on}, which stands in for it in the emulator:")
        rows = [(n, f"{r.origin:#010x} to {r.end:#010x}", size(r.length)) for n, r in board.emulated.memory.items()]
        found.append(table(rows, ("memory", "addresses", "size")))
    return "\n\n".join(found)
