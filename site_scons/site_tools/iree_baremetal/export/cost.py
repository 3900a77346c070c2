"""What an exported model takes and costs, as JSON for its README.

Sizes are read from the objects: of what the model's functions lead to by relocations, as a linker with
--gc-sections keeps it.
"""

import json
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ..errors import BaremetalError


class _Object:
    """The sections of a relocatable object, what they refer to, and the symbols they define."""

    def __init__(self, path):
        self.sections, self.symbols, self.references = {}, {}, {}
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            table = next((s for s in elf.iter_sections() if isinstance(s, SymbolTableSection)), None)
            for index, section in enumerate(elf.iter_sections()):
                if section["sh_flags"] & SH_FLAGS.SHF_ALLOC:
                    writable, empty = section["sh_flags"] & SH_FLAGS.SHF_WRITE, section["sh_type"] == "SHT_NOBITS"
                    self.sections[index] = (0 if empty else section["sh_size"], section["sh_size"] if writable else 0)
                if table and section["sh_type"] in ("SHT_REL", "SHT_RELA"):
                    found = self.references.setdefault(section["sh_info"], set())
                    for relocation in section.iter_relocations():
                        symbol = table.get_symbol(relocation["r_info_sym"])
                        where = symbol["st_shndx"]
                        found.add(where if isinstance(where, int) else symbol.name)
            for symbol in table.iter_symbols() if table else ():
                if symbol["st_info"]["bind"] != "STB_LOCAL" and isinstance(symbol["st_shndx"], int):
                    self.symbols[symbol.name] = symbol["st_shndx"]


def sizes(objects, roots):
    """path -> (flash, RAM) in bytes, for objects, paths; of each, what the symbols roots need."""
    try:
        read = {path: _Object(path) for path in objects}
    except (OSError, ELFError) as error:
        raise BaremetalError(f"{' '.join(map(str, objects))}: cannot be read as ELF ({error})") from error
    defined = {name: (path, index) for path, found in read.items() for name, index in found.symbols.items()}
    waiting, kept = [defined[name] for name in roots if name in defined], set()
    while waiting:
        place = waiting.pop()
        if place in kept:
            continue
        kept.add(place)
        path, index = place
        for reference in read[path].references.get(index, ()):
            target = defined.get(reference) if isinstance(reference, str) else (path, reference)
            if target:
                waiting.append(target)
    result = {}
    for path, found in read.items():
        own = [found.sections[index] for of, index in kept if of == path and index in found.sections]
        result[path] = (sum(flash for flash, _ in own), sum(ram for _, ram in own))
    return result


def memory(plan, objects):
    """The rows of the memory table, name -> [flash, RAM], of a model's .plan.json and its objects, paths."""
    facts = json.loads(Path(plan).read_text())
    name = facts["model"]
    roots = [c for f in facts["functions"] for c in (f["c_name"], f"{f['c_name']}_in")]
    roots += [f"{name}_push_rows"] if any(f.get("pushed") for f in facts["functions"]) else []
    found = {Path(path).name.split(".")[0]: size for path, size in sizes(objects, roots).items()}
    kernels, weights, code = (found.pop(f"{name}{part}", (0, 0)) for part in ("_kernels", "_weights", ""))
    rows = {"kernels": kernels, "weights": weights, "generated code": (code[0], code[1] - facts["arena"] - facts["state"])}
    rows["helper functions"] = [sum(part) for part in zip((0, 0), *found.values())]
    rows |= {"arena": (0, facts["arena"]), "state": (0, facts["state"])}
    return {label: list(size) for label, size in rows.items() if any(size)}


def write(path, rows, functions, measured_on):
    """Writes what `library.Library.costs` reads.

    functions: c_name -> {"macs", "count" of instructions, "cycles", "stack" in bytes}, 0 where it was not measured; measured_on:
    where it was, for people, or "".
    """
    content = {"memory": rows, "functions": functions, "measured_on": measured_on}
    Path(path).write_text(json.dumps(content, indent=1) + "\n")
