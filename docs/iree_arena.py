"""Prints the bytes of a model's arena as IREE itself packs it, or "–": iree_arena.py BOARD MODEL.mlir"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site_scons/site_tools"))
from iree_baremetal import board, compiler  # noqa: E402
from iree_baremetal.plan import kernels
from iree_baremetal.plan.evaluate import evaluate  # noqa: E402


def arena(on, model):
    """Bytes, by iree-compile's own flags for on, a board, and without a change between its phases."""
    with tempfile.TemporaryDirectory() as folder:
        library, program = Path(folder, "library.o"), Path(folder, "program.mlirbc")
        flags = [*compiler.target_flags(on), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
        flags += [f for f in compiler.HOST_PROGRAM_FLAGS if not f.startswith("--compile-from")]
        output = f"--iree-llvmcpu-static-library-output-path={library}"
        command = [compiler.find(), *flags, output, model, "-o", program]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return evaluate(Path(model).stem, program.read_bytes(), kernels.read(library)).arena_size


if __name__ == "__main__":
    try:
        print(f"{arena(board.load(sys.argv[1]), sys.argv[2]):,}")
    except subprocess.CalledProcessError:  # resnet8_int8 on Cortex-M55 crashes LLVM
        print("–")
