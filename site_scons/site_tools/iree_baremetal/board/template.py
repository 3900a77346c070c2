"""The file for a new board: commented, with what to fill in, and the values of the board to begin with."""

import pprint

from .. import board as boards
from . import info
from .data import KB, MHZ, Qemu, Region

# What a new board is likely to differ in, with what to write there.
_ASKED = {
    "description": "Vendor, part, core and memory, in a line: `scons boards` and `scons -h` show it.",
    "memory": "From the data sheet: origin (address), length (bytes), access. The first region without\n"
    '# "w" holds code and constants, the first with it the data; further ones are filled by\n'
    "# section name: .ccm goes to CCM.",
    "stack": "Bytes; a multiple of 16. `scons run` says how much of it is used.",
    "defines": "For the console and the counter: the first lines of their files say what these mean.",
    "device": "Its name in the vendors' libraries, for bsp=.",
    "clock": "Of the core, in Hz, as the startup code leaves it: for milliseconds.",
    "flash_timing": "Bytes that flash gives at once, and the highest clocks for 0, 1, 2, … wait states.",
    "emulator": "QEMU's own machine of this part. Where there is none, remove this line and name a board\n"
    "# that QEMU has, of the same core, in stand_in.",
    "stand_in": "The board, of the same core, whose machine in QEMU runs this one's firmware.",
    "probe": "The chip's name for the debug probe's software, pyOCD or probe-rs.",
    "jlink": "J-Link's name of the chip.",
    "openocd": "OpenOCD's configuration files, a board's, or a probe's and a chip's.",
}


def _literal(value):
    if isinstance(value, Qemu):
        options = f", options={value.options!r}" if value.options else ""
        cpu = f', cpu="{value.cpu}"' if value.cpu else ""
        reset = "" if value.reset is None else f", reset={value.reset:#x}"
        return f'Qemu("{value.system}", "{value.machine}"{cpu}, icount_shift={value.icount_shift}{options}{reset})'
    if isinstance(value, dict) and value and isinstance(next(iter(value.values())), Region):
        lines = [f'    "{n}": Region({r.origin:#010x}, {_product(r.length)}, "{r.access}"),' for n, r in value.items()]
        return "\n".join(["{", *lines, "}"])
    if isinstance(value, dict):
        return "\n".join(["{", *(f'    "{n}": "{v}",' for n, v in value.items()), "}"]) if value else "{}"
    if isinstance(value, tuple):
        return pprint.pformat(list(value)).replace("'", '"')
    return _product(value) if isinstance(value, int) else '"%s"' % value if isinstance(value, str) else repr(value)


def _product(count):
    if count and count % MHZ == 0:
        return f"{count // MHZ} * MHZ"
    return info.size(count).replace(" ", " * ") if count and count % KB == 0 else str(count)


def text(name, origin):
    """The text of a board file called name that begins as the board origin, with what to fill in."""
    lines = [
        f"# Board {name}, described by what differs from {origin.name}. Change or remove what follows, then",
        f"# look at the result and at what is wrong with it: scons board={name} info",
        "",
        "# All that this file does not state is as there; or name a CPU family (cortex-m4f, rv32imac, …).",
        f'base = "{origin.name}"',
    ]
    asked = {key: comment for key, comment in _ASKED.items() if getattr(origin, key)}
    for key, comment in asked.items():
        lines += ["", f"# {comment}", f"{key} = {_literal(getattr(origin, key))}"]
    lines += ["", f"# As in {origin.name}; to differ, take away the # and write another value."]
    for key in boards.FIELDS:
        if key == "interrupts" and origin.interrupts:
            lines.append(f'# {key} = {{"…_IRQHandler": 0}}  # beside the {len(origin.interrupts)} of {origin.name}')
        elif key not in asked:
            lines += [f"# {line}" for line in f"{key} = {_literal(getattr(origin, key))}".splitlines()]
    return "\n".join(lines) + "\n"
