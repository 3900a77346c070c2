"""The linker of embedded ELFs, with small pages.

The loader keeps each segment of such an ELF on pages of its own in RAM. iree-compile's linker
takes pages of 64 KiB, so that the smallest ELF needs 192 KiB; nothing on a board needs pages.
iree-compile has no option for it, but takes another linker: a script that adds one.
"""

import importlib.util
import os
import shlex
from pathlib import Path

from ..errors import BaremetalError

PAGE = 64  # bytes; what IREE's compiler assumes constants to be aligned to
FLAG = "--iree-llvmcpu-embedded-linker-path="


def find_lld(iree_compile):
    """The linker that comes with the compiler package to which iree_compile belongs."""
    name = "iree-lld.exe" if os.name == "nt" else "iree-lld"
    folders = list(Path(iree_compile).parent.parent.glob("lib/python3*/site-packages/iree/compiler/_mlir_libs"))
    package = importlib.util.find_spec("iree") and importlib.util.find_spec("iree.compiler")
    folders += [Path(p) / "_mlir_libs" for p in (package.submodule_search_locations if package else ())]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise BaremetalError(f"no {name} beside {iree_compile}: deploy=elf needs the one of iree-base-compiler.")


def script(lld):
    """The text of the linker script, to be made executable; its name ends in `suffix()`."""
    pages = f"-z max-page-size={PAGE} -z common-page-size={PAGE}"
    if os.name == "nt":
        return f'@"{lld}" %* {pages}\n'
    return f'#!/bin/sh\nexec {shlex.quote(str(lld))} "$@" {pages}\n'


def suffix():
    return ".bat" if os.name == "nt" else ".sh"
