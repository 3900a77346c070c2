"""What a model costs on a board, asked from Python: for searches of architectures, and notebooks.

    from iree_baremetal import measure
    cost = measure("model.onnx", board="stm32f4", optimize="size")
    print(cost.ram, cost.cycles)

It is a sweep (builders/sweep.py) of one row, in a process and a folder of its own: here, or as one task on a worker of Dask's.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, fields
from pathlib import Path

from . import board as boards
from . import compiler, formats, processes, toolchain
from .errors import BaremetalError
from .sweep import grid

_PACKAGE = Path(__file__).resolve().parent
_LOCK = threading.Lock()

_SCONSTRUCT = """
import os
variables = Variables(None, ARGUMENTS)
env = Environment(tools=[("iree_baremetal", {"variables": variables})], toolpath=[%(toolpath)r], ENV=os.environ)
env.IreeSweep([%(model)r], [env["IREE_BOARD"]], %(grid)r, folder="made")
"""


@dataclass(frozen=True)
class Measurement:
    """Sizes are in bytes. flash: code and weights; ram: arena, state and the deepest stack; cycles: estimated, None where the core has no
    timing table; instructions: of one call of each function; accuracy: 0 to 1, where there were labels; difference: the largest
    to the references' answers, None where all are equal bit by bit.
    """

    flash: int
    ram: int
    cycles: int | None
    instructions: int
    accuracy: float | None
    code: int
    weights: int
    arena: int
    state: int
    stack: int
    difference: float | None


def measure(model, board="stm32f4", inputs=None, client=None, timeout=900, **options):
    """The `Measurement` of model on board.

    model: a path, or what onnx made, a ModelProto. inputs: an .npz, or name -> array, one call for each entry along the first axis;
    "label" among them gives the accuracy. client: of Dask, one of whose workers does it; docs/cluster.md says what that takes.
    timeout: seconds. options: as on the command line, optimize="size", overlap=1, dims="*=1", reference="own".
    Raises `BaremetalError` for what cannot be built, does not fit, or answers otherwise than the references.
    """
    board_data = boards.load(board, str(options.get("boards_path", "")).split(":") if options.get("boards_path") else ())
    tools = _tools(board_data)
    with tempfile.TemporaryDirectory(prefix="iree-measure-") as folder:
        path = _model(model, Path(folder))
        given = [f"{name}={value}" for name, value in {"board": board, **options}.items()]
        words = [
            sys.executable,
            str(_PACKAGE),
            "measure",
            str(path),
            *given,
            "-o",
            f"{folder}/row.json",
            *(f"--tool={tool}" for tool in tools),
        ]
        files = [path, *_inputs(inputs, path)]
        if client:
            from .cluster import connection

            with _LOCK:
                cluster = connection.attached(client, tempfile.gettempdir(), _PACKAGE)
            done = cluster.run(words, timeout, files, [f"{folder}/row.json"], folder)
        else:
            done = processes.run(words, timeout, cwd=folder)
        if done.returncode:
            raise BaremetalError(
                done.stderr.decode(errors="replace").strip().removeprefix("iree_baremetal: ")
                or f"measure ended with exit code {done.returncode}"
            )
        row = json.loads(Path(folder, "row.json").read_text())
    if row["failed"]:
        raise BaremetalError(row["failed"])
    return Measurement(**{field.name: row.get(field.name) for field in fields(Measurement)})


def _tools(board):
    """The paths of the tools; they are named in the command so that workers are asked for theirs."""
    emulator = board.emulator and shutil.which(f"qemu-system-{board.emulator.system}")
    return [tool for tool in (compiler.find(), toolchain.find(board).cc, emulator) if tool]


def _model(model, folder):
    """The path of the model's file, in folder where it comes by value or must not have another's inputs beside it."""
    if hasattr(model, "SerializeToString"):
        path = folder / "model.onnx"
        path.write_bytes(model.SerializeToString())
        return path
    path = Path(model)
    if not path.is_file() or path.suffix not in (*formats.IMPORTED, *formats.MLIR):
        raise BaremetalError(f"{model}: no file of a model, .onnx, .tflite or .mlir.")
    return Path(shutil.copy(path, folder))


def _inputs(inputs, path):
    if inputs is None:
        return []
    target = path.with_suffix(".npz")
    if isinstance(inputs, (str, os.PathLike)):
        shutil.copy(inputs, target)
    else:
        import numpy

        numpy.savez(target, **inputs)
    return [target]


def write_row(model, output, tools, arguments):
    """Makes the row of model and writes it to output, as JSON; arguments: options as on scons's command line."""
    given = dict(argument.partition("=")[::2] for argument in arguments)
    text = " ".join(f"{name}={str(value).replace(',', '+')}" for name, value in given.items() if name in grid.VARIABLES)
    grid.parse(text)
    with tempfile.TemporaryDirectory(prefix="iree-row-") as folder:
        about = {"toolpath": str(_PACKAGE.parent), "model": str(Path(model).absolute()), "grid": text}
        Path(folder, "SConstruct").write_text(_SCONSTRUCT % about)
        others = [f"{name}={value}" for name, value in given.items() if name not in grid.VARIABLES]
        path = os.pathsep.join(
            [*(os.path.dirname(tool) for tool in tools), os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)]
        )
        command = [sys.executable, "-m", "SCons", "-Q", "-C", folder, "sweep", *others]
        done = subprocess.run(
            command, env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line and not line.startswith('File "')]
            raise BaremetalError("\n".join(said).removeprefix("scons: *** ") or done.stdout.strip())
        (row,) = json.loads(Path(folder, "made/sweep.json").read_text())["rows"]
    Path(output).write_text(json.dumps(row) + "\n")
