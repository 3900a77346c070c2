"""What each object contributed to an image: GNU ld's map file (``-Wl,-Map=…``), and its complaints."""

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import BaremetalError


@dataclass(frozen=True)
class Contribution:
    """A piece of an output section; file is an object's path, or ``archive.a(member.o)``."""

    output: str
    section: str
    address: int
    size: int
    file: str


_START = "Linker script and memory map"
_HEX = r"0x([0-9a-fA-F]+)"
_OUTPUT = re.compile(r"([^\s(]\S*)")
_PIECE = re.compile(rf"(?: (\S+))?\s+{_HEX}\s+{_HEX} (\S.*)")
_NAME_ALONE = re.compile(r" (\S+)")


def parse(text):
    """The `Contribution`s with at least one byte, in the file's order.

    Padding (``*fill*``) and data that the script itself places are left out, and so are discarded
    sections, which stand before the map proper.
    """
    found = []
    output = name = ""
    for line in text[max(text.find(_START), 0) :].splitlines():
        if match := _OUTPUT.match(line):
            output = match[1]
        elif match := _PIECE.fullmatch(line):
            # A name too long for its column stands on a line of its own, before the rest.
            section = match[1] or name
            address, size = int(match[2], 16), int(match[3], 16)
            if size and section and not section.startswith("*"):
                found.append(Contribution(output, section, address, size, match[4]))
        match = _NAME_ALONE.fullmatch(line)
        name = match[1] if match else ""
    return found


def read(path):
    """The `Contribution`s of the map file at path."""
    try:
        text = Path(path).read_text(errors="replace")
    except OSError as error:
        raise BaremetalError(f"{path}: no map file ({error.strerror}); link with -Wl,-Map={path}") from error
    if _START not in text:
        raise BaremetalError(f"{path}: not a map file of GNU ld; link with -Wl,-Map={path}")
    return parse(text)


_OVERFLOW = re.compile(r"region [`'](.+?)' overflowed by (\d+) bytes?")


def overflows(messages):
    """Region -> bytes too many, from the messages of a link that failed; empty if it failed otherwise.

    Such a link leaves a map but no ELF. The same link with ``-Wl,--noinhibit-exec`` leaves both, of
    any size, and exits with 0: good for a report, never to be taken for the firmware.
    """
    return {region: int(count) for region, count in _OVERFLOW.findall(messages)}
