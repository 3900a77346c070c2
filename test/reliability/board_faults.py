"""scons board-faults: every fault on every board with an emulator, and what `scons run` says of it.

    python test/reliability/board_faults.py [--boards stm32f4,microbit,…]

A fault that is not reported as it should be, or does not end with exit code 2, ends the program with 1.
The heap is that of deploy=static, which needs IREE's source tree: IREE_SOURCE_DIR=DIR.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tables

sys.path[:0] = [str(tables.ROOT / "site_scons" / "site_tools"), str(tables.ROOT / "test" / "integration")]
from iree_baremetal import board  # noqa: E402
from projects import Project, checkout  # noqa: E402

_PLACE = r"\+0x[0-9a-f]+"
_OVERFLOW = (r"stack overflow\n(?:.*\n)*?.*" + _PLACE + r"(?:.*\n)*?Build with a larger stack=", "stack overflow, the deepest function, `stack=`")
_OUTCOME = r"ended with exit code 1 on board \S+\nIf that is a model's outcome: (IREE_MODEL_MISALIGNED)"
# fault: (in words, what `scons run` has to say, how the table says it; without: by the groups of the pattern).
FAULTS = {
    "overflow": ("the stack runs out, in calls and kernels", *_OVERFLOW),
    "load": ("a read where there is no memory", r"on board \S+: (.+)\n(?:.*\n)*?  at pc .*make_load" + _PLACE + r", faults\.c:\d+", ""),
    "store": ("a write where there is no memory", r"on board \S+: (.+)\n(?:.*\n)*?  at pc .*make_store" + _PLACE + r", faults\.c:\d+", ""),
    "jump": ("a call of what is no code", r"on board \S+: (.+)\n(?:.*\n)*?  called from .*make_jump" + _PLACE + r", faults\.c:\d+", ""),
    "undefined": ("an undefined instruction", r"on board \S+: (.+)\n(?:.*\n)*?  at pc .*make_undefined" + _PLACE + r", faults\.c:\d+", ""),
    "misaligned_input": ("a misaligned input", _OUTCOME, "`IREE_MODEL_MISALIGNED`, `IREE_ALIGNED`"),
    "misaligned_output": ("a misaligned output", _OUTCOME, "`IREE_MODEL_MISALIGNED`, `IREE_ALIGNED`"),
}
KERNEL = r"call 0 of classify returned \d+ on board \S+ IREE_MODEL_KERNEL: kernel {} failed with code 7"
HEAP = r"heap exhausted: \d+ bytes asked for, \d+ of 8192 in use(?:.*\n)*.*RESOURCE_EXHAUSTED; build with a larger heap="
HEAP_BOARDS = ("microbit", "mps2-an385", "stm32f4", "mps2-an505", "mps3-an547", "qemu-rv32")  # a tree is built for each
BSP = "test/bsp/cmsis"


def says(project, pattern, *arguments):
    """The match of pattern in what scons with arguments says, or a text that tells why there is none."""
    done = project.attempt(*arguments, "run")
    text = done.stdout + done.stderr
    if done.returncode != 2 or "Traceback" in text:
        return f"exit code {done.returncode}: {text[-1500:]}"
    return re.search(pattern, text.replace("board " + arguments[0].partition("=")[2] + ".", "board " + arguments[0].partition("=")[2])) or text[-1500:]


def of_board(project, name, bsp=""):
    """(fault in words, board, what was said, good) for all faults on one board, which first runs without any."""
    label, build = f"{name}, `bsp=`" if bsp else name, [f"board={name}", *([f"bsp={tables.ROOT / bsp}"] if bsp else [])]
    project.run(*build, "fault=none", "run")
    for fault, (words, pattern, said) in FAULTS.items():
        found = says(project, pattern, *build, f"fault={fault}")
        yield (words, label, said or found[1], True) if isinstance(found, re.Match) else (words, label, found, False)
    called = json.loads((project.folder / f"build/{name}{'-bsp' * bool(bsp)}/digits.plan.json").read_text())["called"]
    found = says(project, KERNEL.format(called[2]), *build, f"kernel={called[2]}")
    good = isinstance(found, re.Match)
    yield "a kernel that fails", label, "`IREE_MODEL_KERNEL`, the kernel's name and code" if good else found, good


def of_heap(project, name):
    found = says(project, HEAP, f"board={name}", "deploy=static", "sample=multiply", "heap=8K")
    good = isinstance(found, re.Match)
    yield "the heap of `deploy=static` runs out", name, "bytes asked for and in use, `heap=`" if good else found, good


def everything(folder, names, heap=True):
    """The results of all boards called names."""
    faults = Project.copy("faults", folder / "faults")
    faults.add_tool()
    faults.add_model("app")
    jobs = [lambda name=name: list(of_board(faults, name)) for name in names]
    if "stm32f4" in names:
        jobs.append(lambda: list(of_board(faults, "stm32f4", BSP)))
    if heap:
        project = checkout(folder / "checkout")
        (project.folder / "samples" / "multiply").symlink_to(tables.ROOT / "samples" / "multiply")
        jobs.append(lambda: [r for name in HEAP_BOARDS if name in names for r in of_heap(project, name)])
    return jobs


def table(results):
    """A row for each fault and each way of reporting it, with the boards that report it so."""
    rows = {}
    for words, name, said, _ in results:
        rows.setdefault((words, said), []).append(name)
    total = len({name for _, name, _, _ in results})
    return [(words, f"all {total}" if len(names) == total else ", ".join(names), said) for (words, said), names in rows.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boards", default="", help="only these, without writing the table")
    options = parser.parse_args()
    there = [name for name in board.names() if (b := board.load(name)).emulated and not b.is_host]
    names = options.boards.split(",") if options.boards else there
    if "IREE_SOURCE_DIR" not in os.environ:
        sys.exit("board-faults: the heap's faults need IREE's source tree: IREE_SOURCE_DIR=DIR, as `scons fetch-iree` gets one.")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        results = []
        for found in pool.map(lambda job: job(), everything(Path(folder), names)):
            results += found
            print(", ".join(sorted({name for _, name, _, _ in found})), "GOOD" if all(r[3] for r in found) else "BAD", flush=True)
    for words, name, said, good in results:
        if not good:
            print(f"\n{name}: {words}:\n{said}")
    text = tables.markdown(("fault", "boards", "reported, with exit code 2, as"), table([r for r in results if r[3]]))
    print(text)
    if not options.boards:
        tables.write("board-faults", text)
    return 0 if all(r[3] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
