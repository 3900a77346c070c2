"""The linker of embedded ELFs, with small pages and the board's C library.

The loader keeps each segment of such an ELF on pages of its own in RAM. iree-compile's linker
takes pages of 64 KiB, so that the smallest ELF needs 192 KiB; nothing on a board needs pages.
Kernels may call what a core lacks, fmaxf or __mulsf3, which the board's libraries have.
iree-compile has no option for either, but takes another linker: a script that adds them. The ELFs of
this machine, in which iree-compile evaluates constants, are linked by the same script, as ever.
"""

import functools
import importlib.util
import os
import shlex
import sys
from pathlib import Path

from ..errors import BaremetalError

PAGE = 64  # bytes; what IREE's compiler assumes constants to be aligned to


def find_lld(iree_compile):
    """The linker that comes with the compiler package to which iree_compile belongs."""
    name = "iree-lld.exe" if os.name == "nt" else "iree-lld"
    folders = list(Path(iree_compile).parent.parent.glob("lib/python3*/site-packages/iree/compiler/_mlir_libs"))
    package = importlib.util.find_spec("iree") and importlib.util.find_spec("iree.compiler")
    folders += [Path(p) / "_mlir_libs" for p in ((package and package.submodule_search_locations) or ())]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise BaremetalError(f"no {name} beside {iree_compile}: deploy=elf needs the one of iree-base-compiler.")


@functools.cache
def environment(iree_compile):
    """What iree-compile wants in its environment: where a shell would split the path of its own linker, that path quoted.

    It evaluates constants in ELFs that it links for this machine, by a command line in which it quotes nothing.
    """
    folder = shlex.quote(str(Path(iree_compile).parent) + sys.prefix)
    if os.name != "posix" or not folder.startswith("'"):
        return {}
    return {"IREE_LLVM_EMBEDDED_LINKER_PATH": shlex.quote(str(find_lld(iree_compile)))}


# By the begin of LLVM's triple: class and machine of the ELF header, as bytes in hexadecimal.
_MACHINES = {"arm": ("01", "2800"), "thumb": ("01", "2800"), "riscv32": ("01", "f300"), "riscv64": ("02", "f300")}
_SCRIPT = """\
#!/bin/sh
lld={lld}
for word; do
  case $word in *.o) header=$(od -An -v -tx1 -j4 -N16 "$word" | tr -d ' \\n') ;; esac
done
# The class, at byte 4, and the machine, at 18.
case $header in
  {header}*) ;;
  *) exec "$lld" "$@" ;;
esac
for name in libm.a libgcc.a libc.a; do
  file=$({compiler} -print-file-name=$name)
  if [ -f "$file" ]; then set -- "$@" "$file"; fi
done
# The loader knows no symbols: what comes from libraries stays inside.
exec "$lld" "$@" --exclude-libs=ALL {pages}
"""


def script(lld, triple, compiler):
    """The text of the linker script, to be made executable; its name ends in `suffix()`.

    triple: LLVM's, of the board; compiler: the words of the board's C compiler, to be asked for its libraries.
    """
    pages = f"-z max-page-size={PAGE} -z common-page-size={PAGE}"
    if os.name == "nt":
        return f'@"{lld}" %* {pages}\n'
    wide, machine = next(values for start, values in _MACHINES.items() if triple.startswith(start))
    header = f"{wide}{'?' * 26}{machine}"
    return _SCRIPT.format(lld=shlex.quote(str(lld)), header=header, compiler=shlex.join(compiler), pages=pages)


def flag(path):
    """iree-compile's flag for the linker script at path, which it hands to a shell as it is."""
    return f"--iree-llvmcpu-embedded-linker-path={shlex.quote(path) if os.name == 'posix' else path}"


def suffix():
    return ".bat" if os.name == "nt" else ".sh"
