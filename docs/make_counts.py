"""Writes a table of counts in docs/cycles.md, one for each ONLY: make_counts.py MODELS [ONLY [BOARD …]]

The samples, and the .onnx files of the folder MODELS (those whose names have one of ONLY's parts, as in int8,digits), on a board of each core: the executions that QEMU's plugin counted
must be what the board's own counter says, and counting must take less than 1.5 times as long as not to. Ends with
exit code 1 where either is not so. Time is this machine's CPU time, the least of three runs each, taking turns.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("site_scons/site_tools", "test/reliability")]

import tables  # noqa: E402
from iree_baremetal import board as boards  # noqa: E402
from iree_baremetal.device import emulator, executions  # noqa: E402
from iree_baremetal.errors import BaremetalError  # noqa: E402

# QEMU's one Cortex-M0 has 16 KB of RAM. A Cortex-M3 executes its code, too, and its machine has room for networks.
ROOMY = 'base = ["cortex-m0", "mps2"]\ndescription = "code for Cortex-M0 on mps2-an385"\n' + (
    'emulator = Qemu("arm", "mps2-an385", icount_shift=6)\n'
)
BOARDS = ("microbit", "roomy-m0", "mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "qemu-rv32")
SAMPLES = {
    "digits": ["sample=digits"],
    "multiply": ["sample=multiply"],
    "motion_fp32": ["model=samples/motion/motion_fp32.onnx"],
    "motion_int8": ["model=samples/motion/motion_int8.onnx"],
}
LIMIT = 1.5


def build(board, name, options, folder):
    """(the record of bench, path of the harness), or the reason why there is none."""
    command = [sys.executable, "-m", "SCons", "-Q", f"board={board}", f"boards_path={folder}", *options, "bench"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        return None, reason(done.stdout + done.stderr)
    path = Path(re.findall(r"^(\S+_bench\.json), \.html\b", done.stdout, re.MULTILINE)[-1])
    record = json.loads((ROOT / path).read_text())["records"][0]
    return (record, ROOT / str(path).replace("_bench.json", "_harness.elf")), ""


def reason(said):
    """Which memory is too small, or the first line of the failure."""
    short = re.search(r"(\w+) of \S+: \S+ takes ([\d,]+ of [\d,]+) bytes", said)
    lines = [line for line in said.splitlines() if line.startswith("scons: ***")] or said.splitlines()[-1:]
    return f"takes {short[2]} bytes of {short[1]}" if short else f"no: {lines[0]}"


def seconds(call):
    """CPU seconds of this process and of those that it starts, in call."""
    before = used()
    call()
    return used() - before


def used():
    """CPU seconds so far, of this process and of those that it started."""
    usage = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in usage)


def ratio(board, elf):
    """(CPU seconds of a run with executions counted, and without)"""
    folder = f"{elf}.bench"
    ways = (lambda: executions.run(board, elf, cwd=folder), lambda: emulator.run(board, elf, cwd=folder))
    times = [[seconds(way) for way in ways] for _ in range(3)]
    return [min(column) for column in zip(*times)]


def one(board, name, options, folder):
    """(cell, whether the counts are equal or None where the board is too small, CPU seconds with and without counts or None)"""
    built, why = build(board, name, options, folder)
    if not built:
        return why, None if why.startswith("takes") else False, None
    record, elf = built
    data = boards.load(board, [Path(folder)])
    try:
        took = ratio(data.emulated, elf)
    except BaremetalError as error:
        return f"no: {error}", False, None
    same = record["executed"] == record["instructions"]
    cell = f"{record['instructions']:,}" + ("" if same else f" ≠ {record['executed']:,}")
    return cell, same, took


def main(models, only="", *wanted):
    models = Path(models).resolve()
    subjects = dict(SAMPLES)
    for path in sorted(models.glob("*.onnx"), key=lambda path: ("int8" not in path.stem, path.stem)):
        subjects[path.stem] = [f"model={path}", "dims=*=1"]
    if len(subjects) == len(SAMPLES):
        sys.exit(f"make_counts.py: {models}: no .onnx file. Give models=DIR, a folder with networks.")
    subjects = {name: options for name, options in subjects.items() if any(part in name for part in only.split(","))}
    rows, same, times, start = {name: [] for name in subjects}, {}, {}, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "roomy-m0.py").write_text(ROOMY)
        for board in wanted or BOARDS:
            for name, options in subjects.items():
                cell, same[f"{name} on {board}"], took = one(board, name, options, folder)
                print(f"{board} {name}: {cell} {took or ''} ({time.monotonic() - start:.0f} s)", flush=True)
                rows[name].append(cell)
                times.setdefault(board, []).append(took or [0, 0])
            tell(f"counts {only}".strip(), rows, same, times)
    different, slowest = [what for what, equal in same.items() if equal is False], max(ratios(times), default=0)
    if different or slowest >= LIMIT:
        sys.exit(
            f"make_counts.py: counts differ: {', '.join(different) or 'none'}; counting takes up to {slowest:.2f} of the time, limit {LIMIT}"
        )


def ratios(times):
    """Of each board: the CPU time of all runs with counts, over that without."""
    return [
        sum(counted for counted, _ in pairs) / sum(plain for _, plain in pairs)
        for pairs in times.values()
        if any(map(any, pairs))
    ]


def tell(section, rows, same, times):
    """Puts what is known into the section of the page."""
    verdicts, found = list(same.values()), ratios(times)
    text = f"\n{tables.markdown(['instructions', *times], [[name, *cells] for name, cells in rows.items()])}\n"
    text += f"{verdicts.count(True)} counts equal the board's counter, {verdicts.count(False)} do not. "
    text += f"Counting takes {min(found, default=0):.2f} to {max(found, default=0):.2f} of the CPU time without, by the board.\n"
    try:
        tables.write(section, text, ROOT / "docs/cycles.md")
    except LookupError:  # a choice of models that the page does not show
        print(text, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
