"""scons probe-matrix models=DIR: digits and kws_int8, run, verified and measured on a board of each core as on a part.

    python test/reliability/probe_matrix.py MODELS [--boards mps2-an386,…] [--only kws,serial]

QEMU stands for the part: its GDB server where a probe's would be, and its serial port at one end of a line at whose other
end is on=serial, with the firmware started when the build asks to flash it. MODELS has kws_int8.onnx. Ends with 1 where
answers are not right, or the counts of both ways differ; writes the table in docs/probe.md.
"""

import argparse
import contextlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import tables

sys.path[:0] = [str(tables.ROOT / part) for part in ("site_scons/site_tools", "test")]
import gdb_server  # noqa: E402
import serial_line  # noqa: E402
from iree_baremetal import board  # noqa: E402
from iree_baremetal.board import info  # noqa: E402

BOARDS = ("qemu-m0", "mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "qemu-rv32", "qemu-rv64")
WAYS = {"probe": "by a GDB server", "serial": "by a serial port"}
_ASKED = re.compile(r"Flash (\S+) and reset the board")
_SLACK = 64  # instructions: what stops at a breakpoint, or waits for a byte, in what is counted around an inference


def scons(*options):
    """The lines that scons prints, errors among them, as they come, then its exit code."""
    command = [sys.executable, "-m", "SCons", "-Q", *options]
    with subprocess.Popen(command, cwd=tables.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        yield from process.stdout
    yield process.returncode


def by_probe(on, options):
    """What a build says, and its exit code, with QEMU's GDB server in the place of a probe's."""
    with gdb_server.qemu(on) as address:
        *lines, code = scons(f"board={on.name}", *options, "on=probe", f"gdb_server={address}", "run", "verify", "bench")
    return "".join(lines), code


def by_serial(on, options):
    """The same by a serial port: each firmware that the build asks for is started at the other end."""
    lines, code = [], 1
    with serial_line.line() as (near, far), contextlib.ExitStack() as running:
        for line in scons(f"board={on.name}", *options, f"on=serial:{near}", "flasher=none", "run", "verify", "bench"):
            if isinstance(line, int):
                code = line
                continue
            lines.append(line)
            asked = _ASKED.match(line)
            if asked:
                running.close()
                process = subprocess.Popen(
                    serial_line.command(on, tables.ROOT / asked[1], far),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                running.callback(process.wait)
                running.callback(process.kill)
    return "".join(lines), code


def found(text, code, name):
    """(cell of the table, count of instructions or None) of what a build said and its exit code."""
    agreed = re.findall(rf"\S+ calls on {name} agree with (the host|ONNX Runtime)", text)
    right = re.search(r"^\d+ of \d+ right", text, re.MULTILINE)
    path = re.findall(r"^(\S+_bench\.json), ", text, re.MULTILINE)
    if code or "Traceback" in text or set(agreed) != {"the host", "ONNX Runtime"} or not path:
        last = [line for line in text.splitlines() if line.startswith("scons: ***")] or text.splitlines()[-1:]
        return f"FAILED: {''.join(last[:1])}", None
    count = sum(record["count"] for record in json.loads((tables.ROOT / path[-1]).read_text())["records"])
    return "; ".join([*([right[0]] if right else ["runs"]), "agrees", f"{count:,}"]), count


def one(name, model, options, ways):
    """The cells of a board and a model, one for each way, and whether they are as they should be."""
    on, cells, counts = board.load(name), [], []
    for way in ways:
        start = time.monotonic()
        said, code = (by_probe if way == "probe" else by_serial)(on, options)
        cell, count = found(said, code, name)
        print(f"{name} {model} {way}: {cell} ({time.monotonic() - start:.0f} s)", flush=True)
        if count is None:
            print(said[-3000:], flush=True)
        cells.append(cell)
        counts.append(count)
    return cells, None not in counts and max(counts) - min(counts) <= _SLACK


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", help="the folder of kws_int8.onnx")
    parser.add_argument("--boards", default="", help="others, without writing the table")
    parser.add_argument("--only", default="", help="parts of models' and ways' names, without writing the table")
    options = parser.parse_args()
    subjects = {"digits": ["sample=digits"], "kws_int8": [f"model={Path(options.models).resolve()}/kws_int8.onnx", "dims=*=1"]}
    only = [part for part in options.only.split(",") if part]
    models = [name for name in subjects if any(part in name for part in only)] or list(subjects)
    ways = [name for name in WAYS if name in only] or list(WAYS)
    if not Path(options.models, "kws_int8.onnx").is_file():
        sys.exit(f"probe_matrix.py: {options.models or 'models='}: no kws_int8.onnx there. Give models=DIR, the folder with it.")
    rows, good = [], True
    for name in options.boards.split(",") if options.boards else BOARDS:
        for model in models:
            cells, right = one(name, model, subjects[model], ways)
            rows.append((info.core(board.load(name)), name, model, *cells))
            good = good and right
    text = tables.markdown(("core", "board", "model", *(WAYS[way] for way in ways)), rows)
    print(text)
    if good and not options.boards and not only:
        tables.write("probe-matrix", text, tables.ROOT / "docs/probe.md")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
