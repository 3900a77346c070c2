"""scons board-faults, probe-faults: every fault on a board of each core, and what `scons run` says of it.

    python test/reliability/board_faults.py [--boards stm32f4,microbit,…] [--on-probe]

With --on-probe, as for probe-faults, the firmware runs by QEMU's GDB server, as on=probe has it run on a part.

A fault that is not reported as it should be, or does not end with exit code 2, ends the program with 1.
The heap is that of deploy=static, which needs IREE's source tree: IREE_SOURCE_DIR=DIR.
"""

import argparse
import collections
import json
import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tables

sys.path[:0] = [str(tables.ROOT / part) for part in ("site_scons/site_tools", "test", "test/integration")]
import gdb_server  # noqa: E402
from iree_baremetal import board  # noqa: E402
from iree_baremetal.board import cores  # noqa: E402
from projects import Project, checkout  # noqa: E402

_PLACE = r"\+0x[0-9a-f]+"
_OVERFLOW = rf"(stack overflow)\n(?:.*\n)*?.*\w{_PLACE}(?:.*\n)*?Build with a larger stack="
_OUTCOME = r"ended with exit code 1 on board \S+\nIf that is a model's outcome: (IREE_MODEL_MISALIGNED: .*)\."


def _exception(where, function):
    return rf"faulted on board \S+: (.+)\n(?:.*\n)*?  {where} .*make_{function}{_PLACE}, faults\.c:\d+"


# fault: (in words, what `scons run` has to say; the group goes into the table).
FAULTS = {
    "overflow": ("the stack runs out, in calls and kernels", _OVERFLOW),
    "load": ("a read where there is no memory", _exception("at pc", "load")),
    "store": ("a write where there is no memory", _exception("at pc", "store")),
    "jump": ("a call of what is no code", _exception("called from", "jump")),
    "undefined": ("an undefined instruction", _exception("at pc", "undefined")),
    "misaligned_input": ("a misaligned input", _OUTCOME),
    "misaligned_output": ("a misaligned output", _OUTCOME),
}
KERNEL = r"call 0 of classify returned \d+ on board \S+ (IREE_MODEL_KERNEL: kernel )\w*{}( failed with code 7)"
HEAP = r"(heap exhausted: )\d+( bytes asked for, )\d+( of )8192( in use)(?:.*\n)*.*RESOURCE_EXHAUSTED; build with a larger heap="
BOARDS = ("microbit", "mps2-an385", "stm32f4", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "qemu-rv32", "qemu-rv64")
HEAP_BOARDS = ("stm32f4", "mps2-an505", "qemu-rv32")  # IREE's runtime is built for each
BSP = ("stm32f4", "test/bsp/cmsis")


def run(project, *arguments, on_probe=""):
    """What `scons run` with arguments leaves; by QEMU's GDB server where on_probe names a board."""
    if not on_probe:
        return project.attempt(*arguments, "run")
    with gdb_server.qemu(board.load(on_probe)) as address:
        return project.attempt(*arguments, "on=probe", f"gdb_server={address}", "run")


def tried(project, words, label, pattern, *arguments, on_probe=""):
    """(words, label, the groups of pattern in what scons with arguments says or else all of it, whether it says it)."""
    done = run(project, *arguments, on_probe=on_probe)
    text = done.stdout + done.stderr
    found = re.search(pattern, text)
    if done.returncode == 2 and found and "Traceback" not in text:
        return words, label, "…".join(found.groups()), True
    return words, label, f"exit code {done.returncode}: {text[-1500:]}", False


def of_board(folder, name, bsp="", on_probe=False):
    """The results of all faults on one board, whose firmware first runs without any."""
    project = Project.copy("faults", folder / f"{name}{bool(bsp)}")
    project.add_tool()
    project.add_model("app")
    label, build = name, [f"board={name}"]
    if bsp:
        label, build = f"{name} with `bsp=`", [*build, f"bsp={tables.ROOT / bsp}"]
    by = name if on_probe else ""
    if run(project, *build, "fault=none", on_probe=by).returncode:
        return [("no fault", label, "a firmware without faults does not run", False)]
    found = [
        tried(project, words, label, pattern, *build, f"fault={fault}", on_probe=by) for fault, (words, pattern) in FAULTS.items()
    ]
    (plan,) = (project.folder / "build").rglob("digits.plan.json")
    kernel = json.loads(plan.read_text())["called"][2]
    words = "a kernel that returns an error"
    return [*found, tried(project, words, label, KERNEL.format(kernel[-12:]), *build, f"kernel={kernel}", on_probe=by)]


def of_heap(folder, names):
    project = checkout(folder / "heap")
    shutil.copytree(tables.ROOT / "samples" / "multiply", project.folder / "samples" / "multiply")
    build = ("deploy=static", "sample=multiply", "heap=8K")
    return [tried(project, "the heap of `deploy=static` runs out", name, HEAP, f"board={name}", *build) for name in names]


def table(results):
    """A row for each fault and each way of reporting it, with the boards that report it so."""
    rows = {words: {} for words, *_ in results}
    for words, name, said, _ in results:
        rows[words].setdefault(said, []).append(name)
    return [(words, _boards(names), said) for words, ways in rows.items() for said, names in ways.items()]


def _boards(names):
    """Names of boards as their cores, with how many there are of each."""
    found = collections.Counter(name if "`" in name else _core(board.load(name)) for name in names)
    return ", ".join(f"{core} ({count})" if count > 1 else core for core, count in sorted(found.items()))


def _core(found):
    return found.cpu if found.cpu.startswith("cortex") else f"RV{cores.RISCV[found.cpu]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boards", default="", help="others, without writing the table")
    parser.add_argument("--on-probe", action="store_true", help="by QEMU's GDB server, in place of a part's")
    options = parser.parse_args()
    names = options.boards.split(",") if options.boards else BOARDS
    if "IREE_SOURCE_DIR" not in os.environ and not options.on_probe:
        sys.exit("board-faults: the heap's faults need IREE's source tree: IREE_SOURCE_DIR=DIR, as `scons fetch-iree` gets one.")
    with tempfile.TemporaryDirectory() as top, ThreadPoolExecutor(2) as pool:
        folder = Path(top)
        heap = [] if options.on_probe else [name for name in HEAP_BOARDS if name in names]
        jobs = [pool.submit(of_heap, folder, heap)]
        jobs += [pool.submit(of_board, folder, name, on_probe=options.on_probe) for name in names]
        if BSP[0] in names and not options.on_probe:
            jobs.append(pool.submit(of_board, folder, *BSP))
        results = []
        for job in jobs[1:] + jobs[:1]:
            found = job.result()
            if not found:  # the heap's, of none of these boards
                continue
            results += found
            print(
                ", ".join(sorted({name for _, name, _, _ in found})),
                "as it should be" if all(r[3] for r in found) else "WRONG",
                flush=True,
            )
    for words, name, said, good in results:
        if not good:
            print(f"\n{name}: {words}:\n{said}")
    text = tables.markdown(("fault", "cores (boards)", "reported as"), table([r for r in results if r[3]]))
    print(text)
    if not options.boards and options.on_probe:
        tables.write("probe-faults", text, tables.ROOT / "docs/probe.md")
    elif not options.boards:
        tables.write("board-faults", f"{text}\n{tables.commit()}\n")
    return 0 if all(r[3] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
