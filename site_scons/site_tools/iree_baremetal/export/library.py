"""What every exported folder holds: the model as C source, headers and an archive."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..board import SUPPORT, Board
from ..board.cores import gcc_flag
from ..codegen import signature
from . import example

LICENSE = SUPPORT / "LICENSE.txt"
LICENSE_NAME = "Apache-2.0 WITH LLVM-exception"  # by SPDX


@dataclass(frozen=True)
class Library:
    """A model to export, as files.

    name: the model's, a C identifier. version: as in "1.0.0". board: the `Board` whose core it was compiled for.
    headers: what the application includes, the model's own first. sources, private: C to be compiled with the
    application, and the headers that it alone needs. archive: kernels and weights, for the linker. plan: .plan.json;
    cost: what `cost.write` wrote.
    """

    name: str
    version: str
    board: Board
    headers: tuple
    sources: tuple
    private: tuple
    archive: Path
    plan: Path
    cost: Path

    @property
    def link_name(self):
        """What follows -l."""
        return self.name

    @property
    def machine_flags(self):
        """GCC's flags for the core that the archive was compiled for."""
        return " ".join(self.board.machine_flags)

    @property
    def float_abi(self):
        """ "hard", "softfp", "soft", or "" where the machine has but one."""
        return gcc_flag(self.board, "-mfloat-abi")

    @property
    def summary(self):
        """One line, for manifests."""
        return f"The machine-learning model {self.name} for {self.core}, without runtime and heap"

    @property
    def core(self):
        """The core, as people call it."""
        if self.board.is_host:
            return "this machine"
        return self.board.cpu.replace("cortex-m", "Cortex-M").replace("generic-rv", "RV")

    @cached_property
    def functions(self):
        """(c_name, `Function`) of each."""
        names = [f["c_name"] for f in self.facts["functions"]]
        return list(zip(names, signature.read(self.plan)))

    @cached_property
    def facts(self):
        return json.loads(Path(self.plan).read_text())

    @cached_property
    def costs(self):
        return json.loads(Path(self.cost).read_text())


def standard(library):
    """path -> content, of the layout that most builds are content with."""
    return {
        **{f"include/{path.name}": path for path in library.headers},
        **{f"src/{path.name}": path for path in (*library.sources, *library.private)},
        f"lib/lib{library.link_name}.a": library.archive,
        "examples/main.c": example.text,
    }
