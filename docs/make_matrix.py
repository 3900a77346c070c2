"""Writes the matrix of docs/runtime.md: make_matrix.py PAGE TREE [MODELS] [ONLY]

Every sample, and kws_int8 of the folder MODELS, is verified in every deployment on two boards with IREE's source tree TREE; each is
a run of scons of its own. ONLY, parts of "board deployment sample" with commas between, leaves the others as an earlier run found
them. Where the heap of a board is too small for a model, the next larger one is tried, and then a board of the same core with more memory.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from make_runtime import BOARDS, DEPLOYMENTS, TOP, commit, put, table

# isort: split
# make_runtime has put the tool on the path.
from iree_baremetal import compiler
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import source_tree

SAMPLES = ("digits", "multiply", "dynamic", "kws_int8")
_EXHAUSTED = re.compile(r"heap exhausted: (\d+) bytes asked for")
_AGREE = re.compile(r"agree with [^,]+, [\d,]+ values, (?:all bitwise equal|.*?largest difference ([\d.e-]+))")


def places(name, sample):
    """The boards and heaps to try: (board, options)."""
    found = [(name, [])]
    if sample == "kws_int8" and name == "stm32f4":
        found += [(name, ["heap=93K"]), ("mps2-an386", [])]  # all that its RAM has beside stack and data
    return found


def verify(board, deploy, sample, tree, models, options):
    """What scons printed, and its exit code."""
    what = (
        [f"model={models}/kws_int8.onnx", "dims=*=1", f"inputs={models}/kws_int8.npz"]
        if sample == "kws_int8"
        else [f"sample={sample}"]
    )
    arguments = [f"board={board}", f"deploy={deploy}", *what, *options, f"iree_source={tree}", "run_timeout=3600", "verify"]
    print("scons", *arguments, flush=True)
    done = subprocess.run([sys.executable, "-m", "SCons", "-Q", "-j1", *arguments], cwd=TOP, capture_output=True, text=True)
    return done.stdout + done.stderr, done.returncode


def cell(name, deploy, sample, tree, models):
    """What the matrix says of one combination."""
    said = []
    for board, options in places(name, sample):
        text, failed = verify(board, deploy, sample, tree, models, options)
        agreed = _AGREE.findall(text)
        if not failed and agreed:
            worst = max((difference for difference in agreed if difference), key=float, default="bitwise")
            where = [f"on {board}"] if board != name else options
            result = ", ".join([worst, *where]) + (f" ({'; '.join(said)})" if said else "")
            break
        exhausted = _EXHAUSTED.search(text)
        if exhausted:
            said.append(f"{options[0] if options else 'default'}: {exhausted[1]} B asked for in vain")
            continue
        messages = [line for line in text.splitlines() if "***" in line or "error:" in line]
        result = (messages or text.strip().splitlines() or ["failed"])[0][:160]
        break
    else:
        result = "; ".join(said)
    print("  ", result, flush=True)
    return result


def text_of(found):
    """The table of the cells found, {"board deploy sample": text}."""
    columns = [d for d in ("direct", *DEPLOYMENTS) if any(f" {d} " in key for key in found)]
    rows = [("board", "model", *(f"`{deploy}`" for deploy in columns))]
    for name in BOARDS:
        for sample in SAMPLES:
            rows.append((f"`{name}`", f"`{sample}`", *(found.get(f"{name} {deploy} {sample}", "-") for deploy in columns)))
    return table(rows)


def combinations(version, models):
    """(board, deployment, sample) of every cell that this compiler can have."""
    possible = ["direct", *(d for d in DEPLOYMENTS if version != "3.11.0" or not d.startswith("inline"))]
    samples = [s for s in SAMPLES if models or s != "kws_int8"]
    return [(b, d, s) for b in BOARDS for d in possible for s in samples if (d, s) != ("direct", "dynamic")]


def main(page, tree, models="", only=""):
    page, version = Path(page), compiler.version(compiler.find())
    tree = source_tree.find(tree, version)
    kept = TOP / "build" / f"runtime_matrix-{version}.json"
    found = json.loads(kept.read_text()) if only and kept.is_file() else {}
    for combination in combinations(version, models):
        key = " ".join(combination)
        if not only or any(part in key for part in only.split(",")):
            found[key] = cell(*combination, tree, models)
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(json.dumps(found, indent=1) + "\n")
    about = f"iree-base-compiler {version}, tree at {commit(tree)}:"
    page.write_text(put(page.read_text(), f"matrix with {version}", f"{about}\n\n{text_of(found)}", "scons runtime-matrix"))
    print(page)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BaremetalError as error:
        sys.exit(f"make_matrix.py: {error}")
