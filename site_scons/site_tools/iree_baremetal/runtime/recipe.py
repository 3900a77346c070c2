"""One runtime for one board and deployment: all that a build of it needs to know."""

import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

from ..board import MB
from ..errors import BaremetalError
from . import config_header, deployments, generated, libraries, options

HOST_HEAP = 16 * MB
_HEADERS = (".h", ".inl", ".inc")
# Upstream's IREE_ARCH by the first letters of an LLVM triple.
_ARCHITECTURES = {
    "aarch64": "arm_64",
    "arm64": "arm_64",
    "arm": "arm_32",
    "thumb": "arm_32",
    "riscv32": "riscv_32",
    "riscv64": "riscv_64",
    "x86_64": "x86_64",
    "amd64": "x86_64",
}


@dataclass(frozen=True)
class Recipe:
    """values: of all options; sources: see `libraries.Sources`; header: the configuration's text."""

    root: Path
    values: dict
    sources: libraries.Sources
    header: str

    def steps(self, folder, flatcc):
        """What to generate below folder, before anything is compiled: `generated.Step`s."""
        return generated.steps(self.sources, self.root, folder, flatcc)

    def includes(self, folder):
        """Include paths, for upstream's sources and for code that uses the runtime."""
        return [self.root / path for path in self.sources.includes] + [Path(folder) / libraries.RUNTIME]

    def headers_digest(self):
        """A digest of all headers that upstream's sources may include."""
        folders = {path.parent for library in self.sources.libraries for path in (*library.sources, *library.headers)}
        files = {file for folder in folders for file in (self.root / folder).iterdir()}
        files |= {file for path in self.sources.includes[1:] for file in (self.root / path).rglob("*.h")}
        digest = hashlib.sha256()
        for file in sorted(file for file in files if file.suffix in _HEADERS):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def flags(self, header):
        """GCC's flags for upstream's sources. header: the path of the configuration header."""
        # Upstream's warnings are upstream's; its messages name files relative to the tree.
        return ["-include", str(header), f"-fmacro-prefix-map={self.root}/=", "-w"]


def make(board, deployment, root, choices=None, smallest=False, more=()):
    """The `Recipe` of a `Board` and a `deployments.Deployment` from the tree at root.

    choices: the user's options, name to value, before the deployment's and the board's macros;
    smallest: with every optional feature off that is not chosen; more: further libraries by their names of CMake.
    """
    values = options.configure(board.runtime_macros, deployment.options, choices or {}, smallest=smallest)
    _check(board, deployment, values)
    variables = options.cmake_variables(values, architecture(board))
    sources = libraries.read(root, [*deployment.libraries(values), *more], variables)
    macros = options.macros(values)
    if board.is_host:  # no linker script gives the heap a region
        macros["IREE_HEAP_SIZE"] = HOST_HEAP
    return Recipe(Path(root), values, sources, config_header.text(macros, sources.defines))


def _check(board, deployment, values):
    """A `BaremetalError` where the deployment cannot run its kernels."""
    loader = deployment.loader
    if not values[loader.option]:
        raise BaremetalError(
            f"deploy={deployment.name} runs its kernels through {loader.option}, which the runtime's options turn off. "
            "Leave that option alone, or choose another deployment."
        )
    if board.is_host and loader is deployments.ELF:
        # Upstream's loader for generic platforms puts code where an operating system forbids to run it.
        raise BaremetalError(
            f"deploy={deployment.name} is for boards without an operating system; board {board.name} has one. Take deploy=static."
        )


def architecture(board):
    """Upstream's name for the board's architecture."""
    triple = platform.machine().lower() if board.is_host else board.triple
    for prefix, name in _ARCHITECTURES.items():
        if triple.startswith(prefix):
            return name
    raise BaremetalError(f"board {board.name}: IREE's runtime is not known to run on triple '{triple}'.")
