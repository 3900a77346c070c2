"""A large project, one SConstruct with models for several boards and deployments: what reading and building it take.

    scons load                                      writes its table in docs/reliability.md
    python test/reliability/load.py --models=2,4    those numbers of models; writes nothing

Each model is built for each board by each deployment. The second deployment is on IREE's runtime, of the source
tree that IREE_SOURCE_DIR or `scons fetch-iree` gives; where there is none, it is the direct one, optimized for size.
"""

import argparse
import json
import os
import pstats
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


def calls(folder, *arguments):
    """The calls of Python functions in a run: its work, whatever else the machine is doing."""
    scons(folder, *arguments, "--profile=calls.prof")
    return pstats.Stats(str(folder / "calls.prof")).total_calls


def measure(folder, models, boards, kinds, jobs=2):
    """What a project of that size takes: {column: value}, and its work."""
    write_project(folder, models, boards, kinds)
    reading, _ = min((scons(folder, "-h") for _ in range(3)), key=lambda run: run[0])
    clean, built = scons(folder, "-s", f"-j{jobs}")
    files = sum(len(files) for _, _, files in os.walk(folder / "build"))
    null, looked = min((scons(folder, "-q") for _ in range(3)), key=lambda run: run[0])  # fails where anything is to be built
    elves = len(list(folder.glob("build/*/*/net*.elf")))
    assert elves == models * len(boards) * len(kinds), elves
    return {
        "models": models,
        "firmware": elves,
        "files built": f"{files:,}",
        "reading, s": f"{reading:.1f}",
        "null build, s": f"{null:.1f}",
        "MB": f"{looked['megabytes']:.0f}",
        "clean build, s": f"{clean:.0f}",
        "MB, then": f"{built['megabytes']:.0f}",
        "work": {
            "calls of Python functions in a null build": calls(folder, "-q"),
            "milliseconds of SCons's own in a clean build": 1000 * built["seconds"],
        },
    }


def growth(smaller, larger):
    """What each further firmware adds to the work: {kind: amount}."""
    more = larger["firmware"] - smaller["firmware"]
    return {kind: (amount - smaller["work"][kind]) / more for kind, amount in larger["work"].items()}


def page(boards, kinds, found):
    """The text for docs/reliability.md, and whether work grows faster than the number of firmware."""
    columns = [column for column in found[0] if column != "work"]
    text = f"Boards: {', '.join(boards)}; deployments: {', '.join(kinds)}; `-j2`. The memory is that of SCons itself.\n\n"
    text += tables.markdown(columns, [[row[column] for column in columns] for row in found])
    steps = [growth(*pair) for pair in zip(found, found[1:])]
    text += "".join(
        f"\nEach further firmware adds {', then '.join(f'{step[kind]:,.0f}' for step in steps)} {kind}."
        for kind in found[0]["work"]
    )
    return text + "\n", any(step[kind] > 1.2 * steps[0][kind] for step in steps for kind in step)


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
    parser.add_argument(
        "--models", type=lambda text: [int(part) for part in text.split(",")], help="numbers of models, as in 2,4"
    )
    parser.add_argument("--boards", type=lambda text: text.split(","), default=list(BOARDS))
    options = parser.parse_args()
    kinds, found = deployments(source_tree()), []
    for models in options.models or MODELS:
        with tempfile.TemporaryDirectory(prefix="load-") as folder:
            found.append(measure(Path(folder) / "project", models, options.boards, kinds))
        print(found[-1], flush=True)
    text, faster = page(options.boards, kinds, found)
    print(text)
    if not options.models:
        tables.write("load", f"{text}\n{tables.commit()}\n")
    if faster:
        print("load.py: a further firmware costs more in a larger project, see above.", file=sys.stderr)
    return 1 if faster else 0


if __name__ == "__main__":
    sys.exit(main())
