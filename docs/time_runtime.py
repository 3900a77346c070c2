"""Times SCons beside Ninja: time_runtime.py [--page PAGE] [--board NAME] [--repeats N] [--cmake CMAKE] TREE

SCons builds the runtime's archive from nothing; Ninja is given the very same commands: those that generate headers,
the compiler's, and the archive's. Both notice a changed header: SCons by a digest of all, Ninja by what the
compiler writes down (-MD), as CMake's generator has it. They take turns on this machine, and the least time of each
counts, as other work on it only adds. With --cmake, a CMake of 3.26 or later, also what it takes to configure the tree by
upstream's guide: what SCons does as it reads the tree. With --page the table goes into it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make_runtime import TOP, put, table

# isort: split
# make_runtime has put the tool on the path.
from iree_baremetal import board as boards
from iree_baremetal.runtime import generated, recipe

# "Set CMake options" of upstream's guide, without samples; submodules that no part of the runtime needs may be missing.
_GUIDE = """IREE_BUILD_COMPILER=OFF CMAKE_SYSTEM_NAME=Generic IREE_ENABLE_THREADING=OFF IREE_SYNCHRONIZATION_DISABLE_UNSAFE=ON
    IREE_HAL_DRIVER_DEFAULTS=OFF IREE_HAL_DRIVER_LOCAL_SYNC=ON IREE_HAL_EXECUTABLE_LOADER_DEFAULTS=OFF
    IREE_HAL_EXECUTABLE_PLUGIN_DEFAULTS=OFF IREE_BUILD_TESTS=OFF IREE_BUILD_SAMPLES=OFF IREE_ERROR_ON_MISSING_SUBMODULES=OFF
    CMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY""".split()
_CONFIGURING = "CMake, configuring the tree"
_SCONSTRUCT = """
import json
import os
import shlex

env = Environment(tools=["iree_baremetal"], toolpath=[{toolpath!r}], ENV=os.environ, IREE_BOARD={board!r},
                  IREE_DEPLOY="static", IREE_SOURCE={tree!r}, IREE_RUNTIME_DIR="#runtime")
runtime = env.IreeRuntime()
Default(runtime)
Alias("commands", env.CompilationDatabase("compile_commands.json"))
steps = {{}}
for executor in [node.get_executor() for node in runtime.generated]:
    targets, sources = ([str(node) for node in nodes] for nodes in (executor.get_all_targets(), executor.get_all_sources()))
    (command,) = executor.get_build_env().subst_list("$IREE_GENERATECOM")
    steps[targets[0]] = (targets, sources, shlex.join(map(str, command)))
with open("generated.json", "w") as stream:
    json.dump(list(steps.values()), stream)
"""


def timed(*command, cwd, quiet=True):
    """(seconds, seconds of CPU) of a command, which must succeed."""
    before, start = os.times(), time.monotonic()
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=quiet, text=True)
    if done.returncode:
        sys.exit(f"time_runtime.py: failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - start, spent


def ninja_file(folder):
    """Writes build.ninja of the commands that SCons noted down; (the objects, what else it makes)."""
    once = {entry["output"]: entry for entry in json.loads((folder / "compile_commands.json").read_text())}
    lines = [
        "rule compile",
        "  command = $it -MD -MT $out -MF $out.d",
        "  deps = gcc",
        "  depfile = $out.d",
        "  description = $out",
    ]
    lines += ["rule run", "  command = $it", "  description = $out"]

    def edge(rule, outputs, inputs, command, before=()):
        outputs, inputs, before = ([_escaped(path) for path in paths] for paths in (outputs, inputs, before))
        after = f" || {' '.join(before)}" if before else ""
        lines.extend([f"build {' '.join(outputs)}: {rule} {' '.join(inputs)}{after}", f"  it = {command.replace('$', '$$')}"])

    steps = json.loads((folder / "generated.json").read_text())
    generated = [output for outputs, _, _ in steps for output in outputs]
    for outputs, inputs, command in steps:
        edge("run", outputs, inputs, command)
    for output, entry in once.items():
        edge("compile", [output], [entry["file"]], entry["command"], [path for path in generated if path != entry["file"]])
    archive = next(folder.glob("runtime/*/libiree_runtime.a")).relative_to(folder)
    (folder / "objects.txt").write_text("\n".join(once))
    edge("run", [str(archive)], list(once), f"rm -f {archive} && ar rcs {archive} @objects.txt")
    (folder / "build.ninja").write_text("\n".join(lines) + "\n")
    return list(once), [*generated, str(archive)]


def _escaped(path):
    return path.replace("$", "$$").replace(" ", "$ ").replace(":", "$:")


def _processor(board):
    """Upstream's CMake knows Arm's 32-bit cores by this name alone."""
    return "arm" if recipe.architecture(board) == "arm_32" else board.triple.split("-")[0]


def configuring(cmake, tree, name, folder):
    """The command by which CMake configures the tree for a board, in folder."""
    board = boards.load(name)
    flags = " ".join(["-DIREE_PLATFORM_GENERIC=1", *board.machine_flags])
    words = [
        *_GUIDE,
        f"IREE_HOST_BIN_DIR={generated.find_tool(generated.FLATCC).parent}",
        f"CMAKE_SYSTEM_PROCESSOR={_processor(board)}",
    ]
    words += [f"CMAKE_{of}_COMPILER={board.toolchain}-{tool}" for of, tool in (("C", "gcc"), ("CXX", "g++"), ("ASM", "gcc"))]
    words += [f"CMAKE_{of}_FLAGS={flags}" for of in ("C", "CXX")]
    return [cmake, "-G", "Ninja", "-S", tree, "-B", folder, *(f"-D{word}" for word in words)]


def measure(folder, jobs, repeats, configure=None):
    """{what: (seconds, seconds of CPU)}, the least of several, and the number of files compiled."""
    scons = [sys.executable, "-m", "SCons", "-Q", "-s", f"-j{jobs}"]
    found = {"SCons, from nothing": [], "Ninja, from nothing": [], "SCons, nothing to do": [], "Ninja, nothing to do": []}
    if configure:
        found[_CONFIGURING] = []
    for _ in range(repeats):
        if configure:
            shutil.rmtree(folder / "cmake", ignore_errors=True)
            found[_CONFIGURING].append(timed(*configure, cwd=folder))
        shutil.rmtree(folder / "runtime", ignore_errors=True)
        (folder / ".sconsign.dblite").unlink(missing_ok=True)
        found["SCons, from nothing"].append(timed(*scons, cwd=folder))
        found["SCons, nothing to do"].append(timed(*scons, cwd=folder))
        timed(*scons, "commands", cwd=folder)
        objects, others = ninja_file(folder)
        for output in (*objects, *others):
            (folder / output).unlink()
        for log in (".ninja_log", ".ninja_deps"):
            (folder / log).unlink(missing_ok=True)
        found["Ninja, from nothing"].append(timed("ninja", "--quiet", f"-j{jobs}", cwd=folder))
        found["Ninja, nothing to do"].append(timed("ninja", "--quiet", f"-j{jobs}", cwd=folder))
    return {what: tuple(map(min, zip(*times))) for what, times in found.items()}, len(objects)


def main():
    parser = argparse.ArgumentParser(prog="time_runtime.py", description=__doc__.splitlines()[0])
    parser.add_argument("tree", help="IREE's source tree")
    parser.add_argument("--page", type=Path, help="where the table goes")
    parser.add_argument("--board", default="stm32f4")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--cmake", help="a CMake, for what configuring the tree takes")
    options = parser.parse_args()
    if not shutil.which("ninja"):
        sys.exit("time_runtime.py: no ninja on PATH. Install it: sudo apt-get install ninja-build")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        toolpath = str(TOP / "site_scons" / "site_tools")
        text = _SCONSTRUCT.format(toolpath=toolpath, board=options.board, tree=os.path.abspath(options.tree))
        (folder / "SConstruct").write_text(text)
        configure = options.cmake and configuring(options.cmake, os.path.abspath(options.tree), options.board, folder / "cmake")
        times, files = measure(folder, options.jobs, options.repeats, configure)
    rows = [("", "seconds", "of CPU"), *((what, f"{wall:.2f}", f"{cpu:.2f}") for what, (wall, cpu) in times.items())]
    ratio = times["SCons, from nothing"][0] / times["Ninja, from nothing"][0]
    about = f"{files} files for `{options.board}`, -j{options.jobs}, the least of {options.repeats}: SCons takes {ratio:.2f} of Ninja's time."
    if options.cmake:
        whole = times["SCons, from nothing"][0] / (times["Ninja, from nothing"][0] + times[_CONFIGURING][0])
        about = f"{about[:-1]}, {whole:.2f} of CMake's and Ninja's."
    content = f"{about}\n\n{table(rows)}"
    print(content)
    if options.page:
        options.page.write_text(put(options.page.read_text(), "times", content, "docs/time_runtime.py"))


if __name__ == "__main__":
    main()
