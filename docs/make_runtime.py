"""Writes the tables of docs/runtime.md: make_runtime.py PAGE [TREE]

The options are those of the tool. For the sizes, samples/multiply is built, verified and measured
in every deployment with IREE's source tree TREE, or the one that a build would find; each is a run
of scons of its own, so that the table says what the commands say.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "site_scons" / "site_tools"))

from iree_baremetal import board as boards  # noqa: E402
from iree_baremetal import compiler  # noqa: E402
from iree_baremetal.errors import BaremetalError  # noqa: E402
from iree_baremetal.report import image
from iree_baremetal.runtime import options, source_tree  # noqa: E402

BOARDS = {"stm32f4": "Cortex-M4", "qemu-rv32": "RV32IMAFC"}
DEPLOYMENTS = ("static", "emitc", "inline", "inline-emitc", "elf", "vmvx")

# Upstream's runtime and samples built by upstream's guide for a Cortex-M4 with -Os, by the compiler's
# version: flash; data, bss and peak of the heap; peak of the stack.
GUIDE = {
    ("3.13.0", "static", False): ("178,408", "31,384", "19.9 K"),
    ("3.13.0", "static", True): ("122,616", "31,160", "19.9 K"),
    ("3.13.0", "emitc", False): ("86,816", "31,080", "19.8 K"),
    ("3.13.0", "elf", False): ("183,720", "35,420", "19.8 K"),
    ("3.13.0", "vmvx", False): ("194,536", "32,492", "20.8 K"),
    ("3.11.0", "static", False): ("158,992", "30.5 K", "19.8 K"),
    ("3.11.0", "vmvx", False): ("175,112", "31 K", "20.3 K"),
}


def option_rows():
    """Every option of the runtime: where it is set, its default, what it means."""
    rows = []
    for option in options.OPTIONS:
        by_deployment = option.name.startswith("IREE_HAL_EXECUTABLE_LOADER_") and option.follows
        where = "fixed" if option.fixed else "deployment" if by_deployment else "option"
        if option.name in boards.load("stm32f4").runtime_macros:
            where = "board" + (", fixed" if option.fixed else "")
        default = "that of its `…_DEFAULTS`" if option.follows else _value(option.default)
        smallest = "" if option.smallest is None else _value(option.smallest)
        help = f"{option.help}; {option.fixed}" if option.fixed else option.help
        rows.append((f"`{option.name}`", where, default, smallest, help))
    return [("option", "set by", "default", "`smallest=1`", ""), *rows]


def _value(value):
    return f"`{int(value)}`" if isinstance(value, bool) else f"`{value}`"


def measure(name, deploy, smallest, tree):
    """The numbers of multiply on one board in one deployment."""
    arguments = [f"board={name}", f"deploy={deploy}", "sample=multiply", f"smallest={int(smallest)}", f"iree_source={tree}"]
    command = [sys.executable, "-m", "SCons", "-Q", "-j2", *arguments, "run", "verify", "bench"]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    if done.returncode or "all products right" not in done.stdout or "agree with the host" not in done.stdout:
        sys.exit(f"make_runtime.py: failed: scons {' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    folder = TOP / "build" / (name if deploy == "direct" else f"{name}-{deploy}") / "multiply"
    (record,) = json.loads((folder / "iree_multiply/multiply_harness/multiply_bench.json").read_text())["records"]
    board = boards.load(name)
    used = {u.region: u for u in image.report(folder / "multiply.elf", folder / "multiply.map", board).usages}
    ram = used[board.ram[0]]
    print(f"{' '.join(arguments[:4])}: done", flush=True)
    return {
        "flash": used[board.flash[0]].used,
        # Stack and heap are regions of declared sizes; what counts is what was needed of them.
        "ram": ram.used - ram.categories.get("stack", 0) - ram.categories.get("heap", 0) + record["heap_peak"],
        "heap": record["heap_peak"],
        "stack": record["stack_peak"],
        "count": record["count"],
    }


def size_rows(measured, name, version):
    """The rows of one board; beside its numbers those of the guide, where there are any."""
    rows = [("deployment", "features", "flash", "RAM", "heap peak", "stack peak", "instructions")]
    for (board, deploy, smallest), found in measured.items():
        if board != name:
            continue
        guide = GUIDE.get((version, deploy, smallest)) if name == "stm32f4" else None
        beside = [f" ({number})" for number in guide] if guide else [""] * 3
        features = "" if deploy == "direct" else "smallest" if smallest else "defaults"
        cells = (f"{found['flash']:,}{beside[0]}", f"{found['ram']:,}{beside[1]}", f"{found['heap']:,}")
        rows.append((f"`{deploy}`", features, *cells, f"{found['stack']:,}{beside[2]}", f"{found['count']:,}"))
    return rows


def sizes(tree, version):
    """The text of the tables of sizes."""
    # The compiler of 3.11.0 cannot make static libraries for the inline HAL.
    possible = [d for d in DEPLOYMENTS if version != "3.11.0" or not d.startswith("inline")]
    kinds = [("direct", False), *((d, s) for d in possible for s in (False, True))]
    measured = {(b, d, s): measure(b, d, s, tree) for b in BOARDS for d, s in kinds}
    lines = []
    for name, core in BOARDS.items():
        lines += [f"\n`{name}`, {core}:\n", table(size_rows(measured, name, version))]
    return "\n".join(lines)


def commit(tree):
    """The commit of the tree, where it is a checkout."""
    done = subprocess.run(["git", "-C", tree, "log", "-1", "--format=%h of %cs"], capture_output=True, text=True)
    return f"commit {done.stdout.strip()}" if not done.returncode else "no checkout of git"


def table(rows):
    """A table of Markdown; the first row is the heading."""
    rows = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def put(text, mark, content, maker="scons runtime-sizes"):
    """text with content between the marks of that name; sys.exit where it has none."""
    start, end = f"<!-- {mark}: made by {maker} -->", f"<!-- end of {mark} -->"
    if start not in text or end not in text:
        sys.exit(f"make_runtime.py: the page lacks the marks '{start}' and '{end}': put them where the table shall be.")
    return re.sub(f"{re.escape(start)}.*?{re.escape(end)}", lambda _: f"{start}\n{content}\n{end}", text, flags=re.DOTALL)


def main(page, tree=""):
    page, version = Path(page), compiler.version(compiler.find())
    tree = source_tree.find(tree, version)
    content = f"iree-base-compiler {version}, tree at {commit(tree)}:\n{sizes(tree, version)}"
    text = put(page.read_text(), "options", table(option_rows()))
    page.write_text(put(text, f"sizes with {version}", content))
    print(page)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BaremetalError as error:
        sys.exit(f"make_runtime.py: {error}")
