"""How code is generated for a board's core: flags of iree-compile by short names, and rewrites.

Left alone, iree-compile takes every core for one with vectors of 16 bytes. Cores without vectors
pay for it with code (loops over lanes, unrolled) or gain by it (more values in registers), as
measured on whole models. Cores with vectors gain by unrolling alone. docs/tuning.md has the numbers.
"""

import re
from dataclasses import dataclass

from ..errors import BaremetalError

GOALS = ("speed", "size", "default")
MEMORY = "memory"  # code as for speed
LEVELS = ("O0", "O1", "O2", "O3")

_WIDTH = "--iree-llvmcpu-target-vector-width-in-bytes"
FLAGS = {
    "width4": f"{_WIDTH}=4",
    "width8": f"{_WIDTH}=8",
    "width16": f"{_WIDTH}=16",
    # Boards have one core: workgroups would only be loops around loops.
    "one-workgroup": "--iree-llvmcpu-disable-distribution",
    "unroll": "--iree-llvmcpu-loop-unrolling=true",
    "no-lanes": "--iree-llvmcpu-vector-pproc-strategy=none",
    # A bias, say, is among the weights: kernels that differ in it alone are one.
    "constants-apart": "--iree-flow-inline-constants-max-byte-length=4",
}


@dataclass(frozen=True)
class Generation:
    """One way to generate code: names of `FLAGS`, and rewrites (`rewrite.pipeline`), as text; "none" is no one."""

    flags: str
    rewrites: str

    def __str__(self):
        """As on the command line."""
        return f"flags={self.flags} rewrites={self.rewrites}"

    @property
    def folder(self):
        """A name for the folder of what is made so."""
        return re.sub(r"[^\w+]", "-", f"{self.flags}+{self.rewrites}")


_DEFAULT = Generation("none", "none")
_SMALL = "mve,compact,addition,round,share,small"
# family -> goal -> `Generation`. "default" is iree-compile's own.
_CHOICE = {
    "arm": {
        "speed": Generation("width16,one-workgroup,unroll", "all"),
        "size": Generation("width4,one-workgroup,constants-apart", _SMALL),
    },
    "riscv": {
        "speed": Generation("width4,one-workgroup,unroll,no-lanes", "all"),
        "size": Generation("width4,one-workgroup,no-lanes,constants-apart", _SMALL),
    },
    "vectors": {
        "speed": Generation("width16,one-workgroup,unroll,no-lanes", "all"),
        "size": Generation("one-workgroup,constants-apart", _SMALL),
    },
    "other": {"speed": Generation("none", "all"), "size": Generation("none", _SMALL)},
}
# family -> what else to try for a whole model; what kernels want each for itself is tried kernel by kernel (builders/kernelwise.py).
_TRIED: dict[str, tuple] = {
    "arm": (
        Generation("width4,one-workgroup", "all"),
        Generation("width4,one-workgroup,unroll", "all"),
        Generation("width16,one-workgroup", "all"),
        Generation("width16,unroll", "all"),
    ),
    "riscv": (
        Generation("width4,one-workgroup,no-lanes", "all"),
        Generation("width4,one-workgroup,unroll", "all"),
        Generation("width4,unroll,no-lanes", "all"),
        Generation("none", "all"),
    ),
    "vectors": (
        Generation("one-workgroup", "all"),
        Generation("one-workgroup,unroll", "all"),
        Generation("width8,one-workgroup,unroll,no-lanes", "all"),
        Generation("unroll,no-lanes", "all"),
    ),
    "other": (Generation("one-workgroup", "all"), Generation("one-workgroup,unroll", "all")),
}


def _family(board):
    """What kind of core the board's is: "arm" or "riscv" without vectors, "vectors", or "other"."""
    if board.triple.startswith(("thumb", "arm")):
        has_vectors = board.cpu in ("cortex-m55", "cortex-m85") and "-mve" not in board.cpu_features
        return "vectors" if has_vectors else "arm"
    if board.triple.startswith("riscv"):
        has_vectors = "zve" in board.cpu_features or "+v" in board.cpu_features.split(",")
        return "vectors" if has_vectors else "riscv"
    return "other"


def chosen(board, goal):
    """The `Generation` that optimize=goal stands for on board; the host, the reference, keeps iree-compile's own."""
    if goal not in (*GOALS, MEMORY):
        raise BaremetalError(f"optimize={goal}: not one of {', '.join((*GOALS, MEMORY))}.")
    goal = "speed" if goal == MEMORY else goal
    return _DEFAULT if board.is_host or goal == "default" else _CHOICE[_family(board)][goal]


def candidates(board):
    """Every `Generation` worth a try on board; those of the goals come first."""
    return list(dict.fromkeys([*(chosen(board, goal) for goal in GOALS), *_TRIED[_family(board)]]))


def level(name):
    """The flag for iree-compile's level of optimization, "O0" to "O3"; none for "". `BaremetalError` for another."""
    if name and name not in LEVELS:
        raise BaremetalError(f"opt_level={name}: not one of {', '.join(LEVELS)}.")
    return [f"--iree-opt-level={name}"] if name else []


def flags(names):
    """iree-compile's flags from "width4,unroll"; "none" stands for no one."""
    found = [] if names == "none" else [name.strip() for name in names.split(",") if name.strip()]
    for name in found:
        if name not in FLAGS:
            raise BaremetalError(f"flags={names}: there is no '{name}'. There are: {', '.join(FLAGS)}; none.")
    return [FLAGS[name] for name in found]
