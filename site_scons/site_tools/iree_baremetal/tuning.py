"""How code is generated for a board's core, by what it is optimized for: flags of iree-compile, and rewrites.

Left alone, iree-compile takes every core for one with vectors of 16 bytes. Cores without vectors
pay for it with code (loops over lanes, unrolled) or gain by it (more values in registers), as
measured on whole models. Cores with vectors gain by unrolling alone.
"""

from .errors import BaremetalError

GOALS = ("speed", "size", "default")

_UNROLL = "--iree-llvmcpu-loop-unrolling=true"
# Boards have one core: workgroups would only be loops around loops.
_ONE_WORKGROUP = "--iree-llvmcpu-disable-distribution"
_NO_LANES = "--iree-llvmcpu-vector-pproc-strategy=none"


def _width(size):
    return f"--iree-llvmcpu-target-vector-width-in-bytes={size}"


# family -> goal -> flags. "default" is iree-compile's own.
_FLAGS = {
    "arm": {"speed": [_width(16), _ONE_WORKGROUP, _UNROLL], "size": [_width(4), _ONE_WORKGROUP]},
    "riscv": {
        "speed": [_width(4), _ONE_WORKGROUP, _UNROLL, _NO_LANES],
        "size": [_width(4), _ONE_WORKGROUP, _NO_LANES],
    },
    "vectors": {"speed": [_width(16), _ONE_WORKGROUP, _UNROLL, _NO_LANES], "size": [_ONE_WORKGROUP]},
}
# goal -> rewrites (`rewrite.pipeline`).
_REWRITES = {"speed": "all", "size": "mve,compact,round", "default": "none"}


def _family(board):
    """What kind of core the board's is: "arm" or "riscv" without vectors, "vectors", or None."""
    if board.is_host:
        return None
    if board.triple.startswith(("thumb", "arm")):
        has_vectors = board.cpu in ("cortex-m55", "cortex-m85") and "-mve" not in board.cpu_features
        return "vectors" if has_vectors else "arm"
    if board.triple.startswith("riscv"):
        has_vectors = "zve" in board.cpu_features or "+v" in board.cpu_features.split(",")
        return "vectors" if has_vectors else "riscv"
    return None


def _check(goal):
    if goal not in GOALS:
        raise BaremetalError(f"optimize={goal}: not one of {', '.join(GOALS)}.")


def flags(board, goal):
    """iree-compile's flags for board."""
    _check(goal)
    return list(_FLAGS.get(_family(board), {}).get(goal, []))


def rewrites(board, goal):
    """The rewrites for board, as `rewrite.pipeline.parse_names` takes them."""
    _check(goal)
    return "none" if board.is_host else _REWRITES[goal]
