"""What a linked image takes of its board's memory, and on what.

    $ python -m iree_baremetal.image build/stm32f4/digits.elf --board stm32f4
    digits.elf on stm32f4, bytes       FLASH     RAM     CCM
    kernels                            4,186       -       -
    weights                            7,488       -       -
    ...
    used                              24,450   9,868       0
    free                           1,024,126 121,204  65,536
    size                           1,048,576 131,072  65,536
    used                                2.3%    7.5%    0.0%

The ELF says where its sections lie, in RAM and as load images in flash; the map file beside it
says which object each byte of them came from.
"""

import argparse
import fnmatch
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile

from . import board as boards
from . import link_map, stack
from .errors import BaremetalError

ALIGNMENT = "alignment"  # what no object takes: padding, or data of the linker script
CATEGORIES = (
    "kernels", "weights", "generated code", "support code", "application", "libraries",
    "arena", "stack", "heap", ALIGNMENT,
)  # fmt: skip

# (object, section, category): the first pair of patterns that matches tells.
_COMMON_RULES = (
    ("*", ".stack", "stack"),
    ("*", ".heap", "heap"),
    ("*/support/*", "*", "support code"),
    *((f"*/{archive}.a(*", "*", "libraries") for archive in ("libc", "libc_*", "libg", "libg_*", "libm", "libm_*")),
    *((f"*/{archive}.a(*", "*", "libraries") for archive in ("libgcc", "libnosys", "librdimon*", "libsemihost")),
    ("*/crt*.o", "*", "libraries"),
    ("/linker stubs", "*", "libraries"),
    ("*", "*", "application"),
)


def rules(models):
    """The rules of `report` for an application with these models, by the names of their objects."""
    result = []
    for model in models:
        result += [
            (f"*/{model}_kernels.o", "*", "kernels"),
            (f"*/{model}_weights.o", "*", "weights"),
            (f"*/{model}.o", f".bss.{model}_arena*", "arena"),
            (f"*/{model}.o", "*", "generated code"),
        ]
    return (*result, *_COMMON_RULES)


@dataclass(frozen=True)
class Usage:
    """A memory region: its size, and the bytes each category takes of it."""

    region: str
    size: int
    categories: dict

    @property
    def used(self):
        return sum(self.categories.values())

    @property
    def free(self):
        """Negative if the image does not fit."""
        return self.size - self.used


@dataclass(frozen=True)
class Report:
    """The memory of one image; depth is a `stack.Depth`, or None where it was not asked for."""

    image: str
    board: str
    stack: int
    usages: list = field(default_factory=list)
    depth: stack.Depth = None

    def over_budget(self):
        """One message for each region, or the stack, that is too small."""
        messages = []
        for usage in self.usages:
            if usage.free < 0:
                greatest = sorted(usage.categories.items(), key=lambda item: -item[1])[:3]
                messages.append(
                    f"{usage.region} of {self.board}: {self.image} takes {usage.used:,} of {usage.size:,} bytes, "
                    f"{-usage.free:,} too many; most go to {', '.join(f'{name} ({size:,})' for name, size in greatest)}"
                )
        if self.depth and self.stack and self.depth.bytes > self.stack:
            messages.append(
                f"stack of {self.board}: {self.image} needs at least {self.depth.bytes:,} bytes and has {self.stack:,}; "
                f"deepest: {self.depth}. Raise `stack` of the board"
            )
        return messages

    def text(self, color=False):
        """The report as a table; color marks regions that are full or nearly so."""
        categories = [c for c in CATEGORIES if any(u.categories.get(c) for u in self.usages)]
        title = f"{self.image} on {self.board}, bytes"
        rows = [[title, *(u.region for u in self.usages)]]
        rows += [[c, *(f"{u.categories.get(c, 0):,}" for u in self.usages)] for c in categories]
        rows += [[name, *(f"{getattr(u, name):,}" for u in self.usages)] for name in ("used", "free", "size")]
        rows.append(["used", *(f"{100 * u.used / u.size:.1f}%" for u in self.usages)])
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines = []
        for row in rows:
            cells = [row[0].ljust(widths[0])]
            for cell, width, usage in zip(row[1:], widths[1:], self.usages):
                cell = ("-" if cell == "0" and row[0] in CATEGORIES else cell).rjust(width)
                cells.append(_paint(cell, usage) if color and row[0] == "used" else cell)
            lines.append("  ".join(cells))
        if self.depth:
            of = f" of {self.stack:,}" if self.stack else ""
            lines.append(f"stack: at least {self.depth.bytes:,}{of}; deepest: {self.depth}")
            lines += [f"  not counted: {caveat}" for caveat in self.depth.caveats()]
        return "\n".join(lines)

    def json(self):
        """The report as JSON text."""
        regions = {
            u.region: {"size": u.size, "used": u.used, "free": u.free, "categories": u.categories} for u in self.usages
        }
        data = {"image": self.image, "board": self.board, "regions": regions, "stack": {"size": self.stack}}
        if self.depth:
            data["stack"].update(
                at_least=self.depth.bytes, deepest=list(self.depth.path), not_counted=self.depth.caveats()
            )
        data["over_budget"] = self.over_budget()
        return json.dumps(data, indent=2)


def _paint(cell, usage):
    share = usage.used / usage.size
    code = "31" if share > 1 else "33" if share > 0.9 else "32"
    return f"\033[{code}m{cell}\033[0m"
