"""What a linked image takes of its board's memory, and on what.

    $ python -m iree_baremetal.image digits.elf --board stm32f4
    digits.elf on stm32f4      FLASH      RAM     CCM
    kernels                    2,160        -       -
    weights                    7,488        -       -
    …
    used                      21,412   10,952       0
    free                   1,027,164  120,120  65,536
    size                   1,048,576  131,072  65,536
    used                       2.0 %    8.4 %   0.0 %
    stack, at the deepest: 448 of 8,192 bytes, in _start > start > main > …

The ELF says where its sections lie, and what of RAM has its initial value in flash; the map file
says which object each byte came from.
"""

import argparse
import fnmatch
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from elftools.common.exceptions import ELFError
from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile

from .. import board as boards
from ..errors import BaremetalError
from . import link_map
from .memory import ALIGNMENT, Report, Usage

_LIBRARIES = ("libc", "libg", "libm", "lib[cgm]_*", "libgcc", "libnosys", "librdimon*", "libsemihost", "libstdc++*")
_MODELS = ("_kernels.o", "_vmfb.o")  # what every model has one of

# Sections that are what their name says, whatever lies in them.
_OUTPUTS = (("*stack*", "stack"), ("*heap*", "heap"))


def categories(models):
    """Whose bytes are whose, for an application with models of these names.

    Rules (pattern of the object's path, pattern of the input section, category); the first that
    matches tells.
    """
    of_models = []
    for model in models:
        of_models += [
            (f"*/{model}_kernels.o", "*", "kernels"),
            (f"*/{model}_weights.o", "*", "weights"),
            (f"*/{model}_vmfb.o", "*", "host program"),
            (f"*/{model}.o", f".bss.{model}_arena*", "arena"),
            (f"*/{model}.o", f".bss..*.{model}_arena", "arena"),
            (f"*/{model}.o", "*", "generated code"),
        ]
    return (
        *of_models,
        ("*/libiree_runtime.a(*", "*", "runtime"),
        ("*/support/*", "*", "support code"),
        *((f"*/{library}.a(*)", "*", "libraries") for library in _LIBRARIES),
        ("*/crt*.o", "*", "libraries"),
        ("*/linker stubs", "*", "libraries"),
        ("*", "*", "application"),
    )


def models_in(contributions):
    """The names of the models whose kernels are among contributions."""
    names = {PurePosixPath(c.file).name for c in contributions}
    return sorted({name.removesuffix(end) for name in names for end in _MODELS if name.endswith(end)})


@dataclass(frozen=True)
class _Extent:
    """A section's place in memory, or that of its initial values: then shift is the way there."""

    output: str
    start: int
    end: int
    alignment: int
    shift: int
    read_only: bool


def _extents(elf):
    segments = [s for s in elf.iter_segments("PT_LOAD")]
    for section in elf.iter_sections():
        start, size, flags = section["sh_addr"], section["sh_size"], section["sh_flags"]
        empty = section["sh_type"] == "SHT_NOBITS"
        if not flags & SH_FLAGS.SHF_ALLOC or not size or (empty and flags & SH_FLAGS.SHF_TLS):
            continue
        segment = next((s for s in segments if s["p_vaddr"] <= start < s["p_vaddr"] + s["p_memsz"]), None)
        shift = segment["p_paddr"] - segment["p_vaddr"] if segment else 0
        constant = segment is not None and not segment["p_flags"] & P_FLAGS.PF_W
        alignment = section["sh_addralign"]
        yield _Extent(section.name, start, start + size, alignment, 0, constant and not shift)
        if shift and not empty:
            yield _Extent(section.name, start + shift, start + shift + size, alignment, shift, True)


def _region_of(extent, board, image):
    """The name of the region that extent starts in, or has run out of."""
    below = [(region.origin, name) for name, region in board.memory.items() if region.origin <= extent.start]
    if extent.read_only:
        # Code that overflows its region may already be in the next, which is not its own.
        below = [b for b in below if "w" not in board.memory[b[1]].access] or below
    if not below:
        raise _elsewhere(extent, board, image)
    return max(below)[1]


def _elsewhere(extent, board, image):
    regions = ", ".join(f"{name} {r.origin:#x}..{r.end:#x}" for name, r in board.memory.items())
    return BaremetalError(
        f"{image}: section {extent.output} at {extent.start:#x} lies outside the memory of board {board.name} ({regions}). "
        "Was it linked for another board?"
    )


def _usage(name, board, image, extents, contributions, rules):
    region, counts = board.memory[name], Counter()
    end = region.origin
    for extent in sorted(extents, key=lambda e: e.start):
        gap = extent.start - end
        if gap < max(extent.alignment, 64):
            counts[ALIGNMENT] += max(gap, 0)
        elif extent.start >= region.end:  # too far away to be what does not fit
            raise _elsewhere(extent, board, image)
        end = max(end, extent.start)
        of_output = next((c for pattern, c in _OUTPUTS if fnmatch.fnmatchcase(extent.output, pattern)), None)
        for piece in contributions.get(extent.output, ()):
            start = piece.address + extent.shift
            stop = min(start + piece.size, extent.end)
            if stop > end:
                counts[ALIGNMENT] += max(start - end, 0)
                counts[of_output or _category(piece, rules)] += stop - max(start, end)
                end = stop
        counts[of_output or ALIGNMENT] += max(extent.end - end, 0)
        end = max(end, extent.end)
    return Usage(name, region.length, {category: count for category, count in counts.items() if count}, region.access)


def _category(piece, rules):
    path = "/" + piece.file.replace("\\", "/")
    for file, section, category in rules:
        if fnmatch.fnmatchcase(path, file) and fnmatch.fnmatchcase(piece.section, section):
            return category
    return "application"


def report(elf_path, map_path, board, rules=None, start=""):
    """The `Report` of an image, linked with -Wl,-Map, on board.

    rules: as from `categories`; without, models are known by the names of their kernels' objects.
    start: the function whose stack is looked at, in place of the image's entry point.
    Raises `BaremetalError` if a file cannot be read or the image is for another board. An image that
    does not fit is no error: see `link_map.overflows` for how to get one.
    """
    from . import stack  # with a disassembler, which reading a build need not load

    contributions = sorted(link_map.read(map_path), key=lambda c: c.address)
    rules = rules or categories(models_in(contributions))
    by_output, by_region = {}, {name: [] for name in board.memory}
    for contribution in contributions:
        by_output.setdefault(contribution.output, []).append(contribution)
    image = Path(elf_path).name
    try:
        with open(elf_path, "rb") as stream:
            for extent in _extents(ELFFile(stream)):
                by_region[_region_of(extent, board, image)].append(extent)
    except (OSError, ELFError) as error:
        raise BaremetalError(f"{elf_path}: cannot be read as ELF ({error})") from error
    usages = tuple(_usage(name, board, image, extents, by_output, rules) for name, extents in by_region.items())
    ranges = {}
    for output in {e.output for extents in by_region.values() for e in extents}:
        for c in by_output.get(output, ()):  # not the debug sections, whose addresses mean nothing
            ranges.setdefault(_category(c, rules), []).append((c.address, c.address + c.size))
    callers = ranges.get("generated code", []) + ranges.get("support code", [])
    depth = stack.deepest(elf_path, kernels=ranges.get("kernels", []), callers=callers, start=start)
    return Report(image, board.name, usages, board.stack, depth)


def main(arguments=None):
    """The command line; the exit code: 0, 1 if the image does not fit, 2 after a line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m iree_baremetal.image", description=__doc__.splitlines()[0])
    parser.add_argument("elf", type=Path, help="the linked image")
    parser.add_argument("--board", required=True, help="its board")
    parser.add_argument("--boards", action="append", default=[], metavar="DIR", help="folder with further boards")
    parser.add_argument("--map", type=Path, help="its map file (default: beside it, .map)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        board = boards.load(options.board, options.boards)
        found = report(options.elf, options.map or options.elf.with_suffix(".map"), board)
    except BaremetalError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(found.json() if options.json else found.text(color=sys.stdout.isatty()))
    for message in found.over_budget():
        print(f"error: {message}", file=sys.stderr)
    return 1 if found.over_budget() else 0


if __name__ == "__main__":
    sys.exit(main())
