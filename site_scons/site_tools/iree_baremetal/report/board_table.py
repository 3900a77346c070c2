"""A sample on every board that has an emulator: built, verified, measured; the result as a table.

Each board is a run of scons of its own, one after the other: what the table says is what the
commands ``scons board=X size verify bench`` say.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .. import board as boards
from ..board import info
from ..errors import BaremetalError
from . import image

_HEADING = ("board", "core", "machine", "flash", "RAM", "instructions", "verdict")
_START, _END = "<!-- made by scons board-table -->", "<!-- end of what scons board-table made -->"


@dataclass(frozen=True)
class Record:
    """flash and ram: (bytes used, bytes there are); instructions: of one inference; passed: verified."""

    board: str
    core: str
    machine: str
    passed: bool
    verdict: str
    flash: tuple | None = None
    ram: tuple | None = None
    instructions: int | None = None


def record(top, name, sample, path=(), options=()):
    """The `Record` of sample, of the project in folder top, on board name."""
    board = boards.load(name, path)
    about = (name, info.core(board), info.emulator(board))
    command = [sys.executable, "-m", "SCons", "-s", f"board={name}", f"sample={sample}", *options]
    done = subprocess.run([*command, "size", "verify", "bench"], cwd=top, capture_output=True, text=True)
    agreed = re.search(r"agree with the host, [\d,]+ values, .*?(all bitwise equal|largest difference [^,\n]+)", done.stdout)
    if done.returncode or not agreed:
        last = (done.stderr.strip() or done.stdout.strip() or "nothing was verified").splitlines()[-1]
        return Record(*about, False, last)
    folder = Path(top, "build", name, sample)
    elf = next(iter(sorted(folder.glob("*.elf"))), None) or next(iter(sorted(folder.glob("iree_*/*_harness/*_harness.elf"))))
    used = {u.region: (u.used, u.size) for u in image.report(elf, elf.with_suffix(".map"), board).usages}
    measured = [json.loads(file.read_text()) for file in sorted(folder.glob("iree_*/*_harness/*_bench.json"))]
    count = sum(r["count"] for content in measured for r in content["records"])
    return Record(*about, True, agreed[1], used[board.flash[0]], used[board.ram[0]], count)


def records(top, sample, path=(), options=(), only=""):
    """The `Record` of every board that an emulator runs, or of only one; prints a line as each is done."""
    found = []
    for name in [only] if only else boards.names(path):
        try:
            board = boards.load(name, path)
        except BaremetalError:
            continue  # `scons boards` says what is wrong with it
        if board.emulated and not board.is_host:
            found.append(record(top, name, sample, path, options))
            print(f"{name}: {found[-1].verdict}", flush=True)
    return found


def _row(record):
    memory = [f"{used:,} of {info.size(there)}" for used, there in (record.flash, record.ram)] if record.flash else ["-"] * 2
    count = f"{record.instructions:,}" if record.instructions else "-"
    verdict = f"agrees, {record.verdict}" if record.passed else f"FAILED: {record.verdict}"
    return (record.board, record.core, record.machine, *memory, count, verdict)


def text(records):
    """The table for a terminal."""
    return info.table([_row(record) for record in records], _HEADING)


def write(page, records, keep=False):
    """Puts the table into the Markdown file page, between its two marks; keep: beside the rows of other boards."""
    old = Path(page).read_text(encoding="utf-8") if Path(page).exists() else f"# Boards\n\n{_START}\n{_END}\n"
    before, start, rest = old.partition(_START)
    old, end, after = rest.lstrip("\n").partition(_END)
    if not start or not end:
        raise BaremetalError(f"{page}: its marks '{_START}' and '{_END}' are gone; put them where the table shall be.")
    rows = {line.split(" ", 2)[1]: line for line in old.splitlines()[2:]} if keep else {}
    rows |= {record.board: _line(_row(record)) for record in records}
    lines = [_line(_HEADING), _line(["---"] * len(_HEADING)), *(rows[name] for name in sorted(rows))]
    Path(page).write_text(before + "\n".join([start, *lines, end]) + after, encoding="utf-8")


def _line(cells):
    return f"| {' | '.join(cells)} |"
