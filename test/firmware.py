"""Firmware for tests: a C program and a board's support code, by the real toolchain, in the real emulator."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile
from iree_baremetal import toolchain
from iree_baremetal.board import linker_script, startup_parts
from iree_baremetal.device import emulator
from iree_baremetal.report import object_files


@dataclass
class Firmware:
    board: object
    elf: Path

    def run(self, *arguments, cwd=None):
        return emulator.run(self.board, self.elf, arguments, timeout=20, cwd=cwd)

    def symbols(self):
        with self.elf.open("rb") as file:
            table = ELFFile(file).get_section_by_name(".symtab")
            return {s.name: (s["st_value"], s["st_size"]) for s in table.iter_symbols()}


def build(target, source, folder, further=()):
    """Compiles source and the board's support code, with further flags, links them: the `Firmware`."""
    tools = toolchain.find(target)
    elf, objects = folder / f"{target.name}.elf", []
    parts = folder / f"{target.name}-parts.c"
    parts.write_text(startup_parts.text(target))
    for file in [source, *target.source_files, *([parts] if parts.read_text() else [])]:
        objects.append(folder / f"{target.name}-{file.stem}.o")
        defines = [f"-D{name}={value}" for name, value in target.defines.items()]
        includes = [f"-I{path}" for path in target.include_paths]
        flags = [*toolchain.compile_flags(target), *further, "-Wextra", "-Werror", *defines, *includes]
        subprocess.run([tools.cc, *flags, "-c", file, "-o", objects[-1]], check=True)
    script = []
    if not target.is_host:
        (folder / f"{target.name}.ld").write_text(linker_script.text(target))
        script = ["-T", target.linker_script_file or folder / f"{target.name}.ld", f"-Wl,--defsym={target.mark}=0"]
    flags = [*toolchain.link_flags(target), *target.link_flags, "-Wl,--fatal-warnings", *script]
    flags += startup_parts.link_flags(target, *object_files.contents([*objects, *target.library_files]))
    subprocess.run([tools.cc, *objects, *target.library_files, *flags, "-o", elf], check=True, stderr=subprocess.PIPE, text=True)
    return Firmware(target, elf)
