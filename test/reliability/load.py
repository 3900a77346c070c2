"""A large project: one SConstruct with models for several boards and deployments; what it takes to read, build and look at.

    scons load                                      writes its table in docs/reliability.md
    python test/reliability/load.py --models=2,4    those numbers of models; writes nothing

Each model is built for each board by each deployment. The second deployment is on IREE's runtime, of the source
tree that IREE_SOURCE_DIR or `scons fetch-iree` gives; where there is none, it is the direct one, optimized for size.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tables

MODELS = (5, 10, 20)
BOARDS = ("stm32f4", "mps2-an386", "mps3-an547", "nrf52840-dk", "qemu-rv32")
TOOLPATH = tables.ROOT / "site_scons" / "site_tools"

_SCONSTRUCT = """
import atexit, json, os, resource

def note():
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open("used.json", "w") as stream:
        json.dump({{"seconds": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}}, stream)

atexit.register(note)
for board in {boards}:
    for name, how in {deployments}.items():
        env = Environment(tools=["iree_baremetal"], toolpath=[{toolpath!r}], ENV=os.environ, IREE_BOARD=board, **how)
        SConscript("application/SConscript", exports="env", variant_dir=f"build/{{board}}/{{name}}", duplicate=False)
"""

_SCONSCRIPT = """
Import("env")
for number in range({models}):
    model = env.IreeModel(f"net{{number}}.mlir")
    env.Default(env.IreeFirmware(f"net{{number}}", [f"main{{number}}.c", model]))
"""

_MODEL = """
func.func @scores(%x: tensor<1x{width}xf32>) -> tensor<1x4xf32> {{
  %weights = arith.constant dense<{weight:.4f}> : tensor<{width}x4xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x4xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4xf32>) -> tensor<1x4xf32>
  %y = linalg.matmul ins(%x, %weights : tensor<1x{width}xf32>, tensor<{width}x4xf32>) outs(%start : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}}
"""

_MAIN = """#include "net{number}.h"

static IREE_ALIGNED float x[{width}], y[4];

int main(void) {{ return net{number}_scores(x, y); }}
"""


def deployments(tree):
    """name -> variables of the environment. tree: IREE's source tree, or None."""
    second = {"IREE_DEPLOY": "static", "IREE_SOURCE": str(tree)} if tree else {"IREE_OPTIMIZE": "size"}
    return {"direct": {}, "static" if tree else "size": second}


def write_project(folder, models, boards, deployments):
    """A project with that many models, each for all boards and deployments."""
    application = folder / "application"
    application.mkdir(parents=True)
    text = _SCONSTRUCT.format(boards=boards, deployments=deployments, toolpath=str(TOOLPATH))
    (folder / "SConstruct").write_text(text)
    (application / "SConscript").write_text(_SCONSCRIPT.format(models=models))
    for number in range(models):
        values = {"number": number, "width": 8 + 4 * number, "weight": 0.5 + number / 16}
        (application / f"net{number}.mlir").write_text(_MODEL.format(**values))
        (application / f"main{number}.c").write_text(_MAIN.format(**values))


def scons(folder, *arguments):
    """(seconds, what SCons itself used: seconds of CPU, megabytes at most) of a run, which must succeed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    start = time.monotonic()
    command = [sys.executable, "-m", "SCons", "-Q", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"load.py: scons {' '.join(arguments)} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - start, json.loads((folder / "used.json").read_text())


def measure(folder, models, boards, kinds, jobs=2):
    """A row of the table."""
    write_project(folder, models, boards, kinds)
    reading, _ = scons(folder, "-h")
    clean, used = scons(folder, "-s", f"-j{jobs}")
    files = sum(len(files) for _, _, files in os.walk(folder / "build"))
    looks = [scons(folder, "-q") for _ in range(3)]  # -q fails where anything is to be built
    null, least = min(looks, key=lambda look: look[0])
    elves = len(list(folder.glob("build/*/*/net*.elf")))
    assert elves == models * len(boards) * len(kinds), elves
    return [models, elves, files, reading, null, least["megabytes"], clean, used["seconds"], used["megabytes"]]


HEADER = ("models", "firmware", "files built", "reading, s", "null build, s", "MB", "clean build, s", "of them SCons, s", "MB")
_FORMATS = ("{}", "{}", "{:,}", "{:.1f}", "{:.1f}", "{:.0f}", "{:.0f}", "{:.0f}", "{:.0f}")


def source_tree():
    """IREE's source tree, as a user gives it, or None."""
    sys.path.insert(0, str(TOOLPATH))
    from iree_baremetal import compiler
    from iree_baremetal.errors import BaremetalError
    from iree_baremetal.runtime import source_tree

    try:
        return source_tree.find(None, compiler.version(compiler.find()))
    except BaremetalError as error:
        print(error)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=lambda text: [int(part) for part in text.split(",")], help="numbers of models, as in 2,4")
    parser.add_argument("--boards", type=lambda text: text.split(","), default=list(BOARDS))
    options = parser.parse_args()
    kinds, rows = deployments(source_tree()), []
    for models in options.models or MODELS:
        with tempfile.TemporaryDirectory(prefix="load-") as folder:
            row = measure(Path(folder) / "project", models, options.boards, kinds)
        rows.append([form.format(value) for form, value in zip(_FORMATS, row)])
        print(" | ".join(rows[-1]), flush=True)
    page = f"Boards: {', '.join(options.boards)}; deployments: {', '.join(kinds)}; `-j2`. The memory is that of SCons itself.\n\n"
    page += tables.markdown(HEADER, rows)
    print(page)
    if not options.models:
        tables.write("load", page)


if __name__ == "__main__":
    main()
