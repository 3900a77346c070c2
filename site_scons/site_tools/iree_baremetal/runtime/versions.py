"""Compares what a compiled model needs with what a source tree provides, before anything is linked.

On the board the same mismatch is a bare number, and only at run time.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import BaremetalError

_BYTECODE = ("runtime/src/iree/vm/bytecode", "isa.h")  # the folder below it differs between releases
# The modules that a host program may import, where each says its version, and under what name.
_MODULES = {
    "hal": ("module.c", "IREE_HAL_MODULE_VERSION_LATEST", "the HAL module"),
    "hal_inline": ("inline/module.c", "IREE_HAL_INLINE_MODULE_VERSION_LATEST", "the inline HAL module"),
    "hal_loader": ("loader/module.c", "IREE_HAL_LOADER_MODULE_VERSION_LATEST", "the HAL loader module"),
}
_HAL = Path("runtime/src/iree/modules/hal")
_LIBRARY = Path("runtime/src/iree/hal/local/executable_library.h")


@dataclass(frozen=True)
class Provides:
    """bytecode: (major, minor); modules: the HAL modules' versions by name; library: of executable libraries."""

    root: str
    bytecode: tuple
    modules: dict
    library: int


def of_tree(root):
    """What the tree at root `Provides`; `BaremetalError` where it does not say."""
    root = Path(root)
    headers = sorted((root / _BYTECODE[0]).rglob(_BYTECODE[1]))
    header = headers[0] if headers else root / _BYTECODE[0] / _BYTECODE[1]
    return Provides(
        root=str(root),
        bytecode=tuple(_macro(header, f"IREE_VM_BYTECODE_VERSION_{part}") for part in ("MAJOR", "MINOR")),
        modules={name: _macro(root / _HAL / file, macro) for name, (file, macro, _) in _MODULES.items()},
        library=_macro(root / _LIBRARY, "IREE_HAL_EXECUTABLE_LIBRARY_VERSION_LATEST"),
    )


def _macro(path, name):
    """The number that a macro of the file stands for, by way of other macros."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    match = re.search(rf"#define {name}\b(?:\s|\\\n)+(\w+)", text)
    if not match:
        raise BaremetalError(f"{path} does not define {name}: this tree is older or newer than the releases known to work.")
    value = match[1]
    return int(value.rstrip("uUlL"), 0) if value[0].isdigit() else _macro(path, value)


def check(needs, provides, compiler, tag):
    """`BaremetalError` where the artefact of `needs` does not run on the tree of `provides`.

    compiler: the version that made the artefact; tag: the release that would match it.
    """
    modules = [
        (text, (0, needs.modules[name]), (0, provides.modules[name]), needs.modules[name] == provides.modules[name])
        for name, (_, _, text) in _MODULES.items()
        if name in needs.modules
    ]
    # HAL and executable libraries are at major version 0: each minor version is its own.
    for what, wanted, given, fits in (
        ("VM bytecode", needs.bytecode, provides.bytecode, _bytecode_fits(needs.bytecode, provides.bytecode)),
        *modules,
        (
            "executable libraries",
            needs.library and (0, needs.library),
            (0, provides.library),
            needs.library in (None, provides.library),
        ),
    ):
        if not fits:
            raise BaremetalError(
                f"{needs.path}, made by iree-compile {compiler}, needs version {_text(wanted)} of {what}; "
                f"the tree {provides.root} provides {_text(given)}. Use the tree of that release "
                f"('scons fetch-iree' gets {tag}, or iree_source=DIR), or the compiler that belongs to the tree."
            )


def check_formats(needs, deployment):
    """`BaremetalError` where the loader of the deployment takes none of the artefact's kernels."""
    if needs.formats and not any(kernels.startswith(deployment.loader.formats) for kernels in needs.formats):
        raise BaremetalError(
            f"{needs.path} has its kernels as {', '.join(sorted(needs.formats))}; deploy={deployment.name} runs "
            f"{deployment.loader.formats[0]}… only. Leave flags that say otherwise out of IREE_COMPILEFLAGS, or choose another deployment."
        )


def _bytecode_fits(wanted, given):
    return wanted is None or (wanted[0] == given[0] and wanted[1] <= given[1])


def _text(version):
    return ".".join(map(str, version))
