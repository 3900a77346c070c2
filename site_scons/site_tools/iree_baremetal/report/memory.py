"""The memory of a linked image against its board's, for people and for programs."""

import json
from dataclasses import dataclass
from typing import Any

ALIGNMENT = "alignment"  # bytes of no object: padding, or data that the linker script places
CATEGORIES = (
    "kernels",
    "weights",
    "host program",
    "generated code",
    "support code",
    "runtime",
    "application",
    "libraries",
    "arena",
    "stack",
    "heap",
    ALIGNMENT,
)


@dataclass(frozen=True)
class Usage:
    """A memory region: its size, the bytes that each category takes of it, and its access ("rx", "rw", "rwx")."""

    region: str
    size: int
    categories: dict
    access: str = ""

    @property
    def used(self):
        return sum(self.categories.values())

    @property
    def free(self):
        """Negative if the image does not fit."""
        return self.size - self.used


@dataclass(frozen=True)
class Report:
    """The memory of one image. All sizes are in bytes.

    stack: what the board sets aside; depth: the `stack.Depth` it has to hold, None if unknown.
    """

    image: str
    board: str
    usages: tuple
    stack: int = 0
    depth: Any = None

    @property
    def wanted_stack(self):
        """Bytes of a stack with room for the deepest path: whole KB, and no less than it has."""
        deepest = self.depth.bytes if self.depth else 0
        return max(self.stack, (deepest // 1024 + 1) * 1024) if deepest > self.stack else self.stack

    def over_budget(self):
        """One message for each region that is too small, and one if the stack is."""
        messages = [self._too_full(usage) for usage in self.usages if usage.free < 0]
        if self.depth and self.stack and self.depth.bytes > self.stack:
            messages.append(
                f"stack of {self.board}: {self.image} takes {self.depth.bytes:,} of {self.stack:,} bytes "
                f"in {self.depth}. Build with stack={self.wanted_stack // 1024}K, or raise 'stack' in the board's file."
            )
        return messages

    def _too_full(self, usage):
        greatest = sorted(usage.categories.items(), key=lambda item: -item[1])[:3]
        shares = ", ".join(f"{name} {size:,}" for name, size in greatest)
        return (
            f"{usage.region} of {self.board}: {self.image} takes {usage.used:,} of {usage.size:,} bytes, "
            f"{-usage.free:,} too many. The most take {shares}."
        )

    def total(self, *categories):
        """The bytes of categories in all regions."""
        return sum(usage.categories.get(category, 0) for usage in self.usages for category in categories)

    def text(self, color=False):
        """The report as a table; color (ANSI) tells full regions and nearly full ones."""
        used = [c for c in CATEGORIES if any(usage.categories.get(c) for usage in self.usages)]
        rows = [[f"{self.image} on {self.board}", *(usage.region for usage in self.usages)]]
        rows += [[c, *(_count(usage.categories.get(c)) for usage in self.usages)] for c in used]
        for name in ("used", "free", "size"):
            rows.append([name, *(f"{getattr(usage, name):,}" for usage in self.usages)])
        rows.append(["used", *(f"{100 * usage.used / usage.size:.1f} %" for usage in self.usages)])
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = []
        for label, *cells in rows:
            cells = [cell.rjust(width) for cell, width in zip(cells, widths[1:])]
            if color and label == "used":
                cells = [_paint(cell, usage) for cell, usage in zip(cells, self.usages)]
            lines.append("  ".join([label.ljust(widths[0]), *cells]))
        return "\n".join(lines + self._stack_lines())

    def _stack_lines(self):
        if not self.depth:
            return []
        of = f" of {self.stack:,}" if self.stack else ""
        lines = [f"stack, at the deepest: {self.depth.bytes:,}{of} bytes, in {self.depth}"]
        return lines + [f"  not counted: {caveat}" for caveat in self.depth.caveats()]

    def json(self):
        """The report as JSON text."""
        data = {
            "image": self.image,
            "board": self.board,
            "regions": {
                usage.region: {
                    "size": usage.size,
                    "access": usage.access,
                    "used": usage.used,
                    "free": usage.free,
                    "categories": usage.categories,
                }
                for usage in self.usages
            },
            "stack": {"size": self.stack},
            "over_budget": self.over_budget(),
        }
        if self.depth:
            data["stack"]["deepest"] = self.depth.bytes
            data["stack"]["path"] = list(self.depth.path)
            data["stack"]["not_counted"] = self.depth.caveats()
        return json.dumps(data, indent=2)


def _count(value):
    return f"{value:,}" if value else "-"


def _paint(cell, usage):
    share = usage.used / usage.size
    return f"\033[{31 if share > 1 else 33 if share > 0.9 else 32}m{cell}\033[0m"
