"""Writes the table of published figures in docs/cycles.md: make_published.py CMSIS_NN MODELS

CMSIS_NN: its source tree. MODELS: a folder with ad01_int8, kws_int8 and resnet8_int8, .tflite with .npz beside. The layers of
each are called from CMSIS-NN, compiled with its own -Ofast, run in QEMU, held against the answers in the .npz, counted by the
plugin, and estimated by the timing tables: what stacks on CMSIS-NN should take on parts, which publish what they do take. This
tool's own layers of the same files stand beside them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("site_scons/site_tools", "test/reliability")]

import by_layer  # noqa: E402
import cmsis_nn  # noqa: E402
import make_counts  # noqa: E402
import tables  # noqa: E402
from iree_baremetal import board as boards  # noqa: E402
from iree_baremetal.device import executions  # noqa: E402
from iree_baremetal.timing import cores, flash  # noqa: E402
from iree_baremetal.timing.code import Code  # noqa: E402
from iree_baremetal.timing.estimate import estimate  # noqa: E402

MODELS = ("ad01_int8", "kws_int8", "resnet8_int8")
# A core -> the board whose emulator runs its code. There is none with Cortex-M85: code for Cortex-M55, by the table of M85.
ON = {"cortex-m4": "mps2-an386", "cortex-m33": "mps2-an505", "cortex-m55": "mps3-an547", "cortex-m85": "mps3-an547"}
# MLPerf Tiny, closed division, of github.com/mlcommons/tiny_results_v1.1 and v1.2: stacks on CMSIS-NN with a framework around it.
# (who and where, core, clock in Hz, board whose flash is known, {model: median inferences a second, of one or two submissions})
PUBLISHED = (
    ("Skymizer ONNC, NUCLEO-L4R5ZI", "cortex-m4", 120e6, "nucleo-l4r5zi", {"ad01_int8": (123.875, 124.906), "kws_int8": (12.195, 10.679), "resnet8_int8": (3.348, 3.372)}),
    ("Nuvoton ONNC, NuMaker-M467HJ", "cortex-m4", 200e6, None, {"ad01_int8": (204.6,), "kws_int8": (21.65,), "resnet8_int8": (5.833,)}),
    ("Krai microTVM, NUCLEO-L4R5ZI", "cortex-m4", 120e6, "nucleo-l4r5zi", {"ad01_int8": (116.2,), "kws_int8": (10.02,), "resnet8_int8": (2.567,)}),
    ("Krai microTVM, nRF5340-DK", "cortex-m33", 128e6, None, {"ad01_int8": (159.0,), "kws_int8": (13.07,), "resnet8_int8": (3.146,)}),
    ("Renesas TFLM, EK-RA8D1", "cortex-m85", 480e6, None, {"ad01_int8": (1884,), "kws_int8": (288.6,), "resnet8_int8": (117.9,)}),
)  # fmt: skip
# CMSIS-NN is written for speed in cycles on cores of one issue; the table of Cortex-M55 is a rough one, its instructions are exact.
COMPARED = {"cortex-m4": "cycles", "cortex-m33": "cycles", "cortex-m55": "instructions"}
_FOLDERS = (
    "ActivationFunctions",
    "BasicMathFunctions",
    "ConvolutionFunctions",
    "FullyConnectedFunctions",
    "NNSupportFunctions",
    "PoolingFunctions",
    "SoftmaxFunctions",
    "TransposeFunctions",
)
_SCONSTRUCT = """
import os
env = Environment(tools=["iree_baremetal"], toolpath=[{toolpath!r}], ENV=os.environ, IREE_BOARD={board!r})
env.Append(CPPPATH=[{include!r}], CCFLAGS=["-Ofast"])
library = env.StaticLibrary("cmsis_nn", [env.Object(f"objects/{{os.path.basename(s)}}.o", s) for s in {sources!r}])
for name in {names!r}:
    env.IreeFirmware(name, [name + ".c", library])
"""


def build(folder, board, cmsis, models):
    """{model: (its `cmsis_nn.Program`, path of the built one)} for board, in folder."""
    programs, calls = {}, 2  # the second is measured
    for name in MODELS:
        arrays = numpy.load(models / f"{name}.npz")
        program = cmsis_nn.Program(models / f"{name}.tflite", arrays["inputs"][:calls], arrays["outputs"][:calls])
        Path(folder, f"{name}.c").write_text(program.text)
        programs[name] = program, Path(folder, f"{name}.elf")
    found = (path for part in _FOLDERS for path in sorted((cmsis / "Source" / part).glob("*.c")))
    sources = [str(path) for path in found if not path.stem.endswith(("_f16", "_f32")) and "_s4" not in path.stem]
    settings = {"toolpath": str(ROOT / "site_scons/site_tools"), "include": str(cmsis / "Include"), "sources": sources}
    Path(folder, "SConstruct").write_text(_SCONSTRUCT.format(board=board, names=list(programs), **settings))
    done = subprocess.run([sys.executable, "-m", "SCons", "-Q", "-s"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"make_published.py: CMSIS-NN of {cmsis} was not built for {board}:\n{(done.stdout + done.stderr)[-3000:]}")
    return programs


def measured(board, elf, layers):
    """(instructions, `Segment` of each layer) of the second call."""
    result, segments = executions.run(board, elf)
    if result.returncode or not result.stdout.startswith("0 wrong"):
        sys.exit(
            f"make_published.py: {elf.name}: its answers are not those of the .npz: {result.stdout.strip()} (exit code {result.returncode})"
        )
    # Before the first count; between the two of nothing; then, of each call, what prepares it and its layers.
    begin = 2 + (layers + 1) + 1
    return [segment.minus(segments[1]) for segment in segments[begin : begin + layers]]


def error(estimated, published):
    """Of the estimate, against the nearest of what was published: "-8 %"; within them "0 %"."""
    low, high = published[0], published[-1]
    nearest = min(max(estimated, low), high)
    return f"{100 * (estimated / nearest - 1):+.0f} %"


def theirs(folder, name, cmsis, models):
    """{(core, model): (tensors, labels, bytes of constants, `Estimate`s) of CMSIS-NN's layers} on the cores that board name stands for."""
    board, found = boards.load(name), {}
    for model, (program, elf) in build(folder, name, cmsis, models).items():
        segments, code = measured(board, elf, len(program.names)), Code(elf, board.toolchain)
        for core in (core for core, on in ON.items() if on == name):
            estimates = [estimate(segment, code, cores.of(core)) for segment in segments]
            found[core, model] = program.tensors, program.names, program.constants, estimates
            print(core, model, *total(estimates), flush=True)
    return found


def total(estimates):
    """(instructions, cycles)"""
    return sum(e.instructions for e in estimates), sum(e.cycles for e in estimates)


def published(costs):
    """The rows of what is published beside what is estimated."""
    for who, core, clock, part, figures in PUBLISHED:
        for model, rates in figures.items():
            _, _, constants, estimates = costs[core, model]
            known, (instructions, cycles) = sorted(clock / rate / 1e6 for rate in rates), total(estimates)
            shown = " to ".join(dict.fromkeys(f"{n:.3g}" for n in known))
            told = [f"{cycles / 1e6:.3g}", error(cycles / 1e6, known), "–", "–"]
            if part:
                timing = boards.load(part).flash_timing
                waiting = cycles + sum(flash.cycles(*layer, timing, clock) for layer in zip(estimates, constants))
                told[2:] = [f"{waiting / 1e6:.3g}", error(waiting / 1e6, known)]
            yield [who, core, f"{clock / 1e6:g}", model, shown, f"{instructions / 1e6:.3g}", *told]


def compared(core, model, cost, models):
    """Rows of one model: its layers by CMSIS-NN and by this tool's build of the same file."""
    tensors, labels, _, estimates = cost
    built, why = make_counts.build(ON[core], model, [f"model={models / model}.tflite"], models)
    if not built:
        return [[core, model, why, *[""] * 5]]
    layers = {t: (label, by_layer.Cost(e.instructions, e.cycles)) for t, label, e in zip(tensors, labels, estimates)}
    return [by_layer.row(core, model, *pair, COMPARED[core]) for pair in by_layer.pairs(layers, built[0]["kernels"])]


def summary(rows):
    """A sentence on each core: the least and the largest ratio, and what is above one."""
    for core, by in COMPARED.items():
        ratios = {f"{model} {labels}": float(ratio) for on, model, labels, *_, ratio in rows if on == core and ratio}
        above = [name for name, ratio in ratios.items() if ratio > 1]
        yield f"On {cores.of(core).name} ours take {min(ratios.values()):.2f} to {max(ratios.values()):.2f} of CMSIS-NN's {by}, layer by layer; above it: {'; '.join(above) or 'none'}."


def main(cmsis, models):
    cmsis, models = Path(cmsis).resolve(), Path(models).resolve()
    if not (cmsis / "Include/arm_nnfunctions.h").is_file():
        sys.exit(f"make_published.py: {cmsis} is no source tree of CMSIS-NN. Give cmsis_nn=DIR.")
    if not all((models / f"{name}.tflite").is_file() for name in MODELS):
        sys.exit(f"make_published.py: {models} lacks {', '.join(MODELS)} as .tflite with .npz. Give models=DIR.")
    costs = {}
    for name in sorted(set(ON.values())):
        with tempfile.TemporaryDirectory() as folder:
            costs |= theirs(folder, name, cmsis, models)
    rows = [row for (core, model), cost in costs.items() if core in COMPARED for row in compared(core, model, cost, models)]
    header = ["published by", "core", "MHz", "model", "M cycles", "CMSIS-NN, M instructions", "M cycles, est.", "error", "with flash", "error"]  # fmt: skip
    text = f"\n{tables.markdown(header, published(costs))}\n"
    commit = subprocess.run(
        ["git", "-C", str(cmsis), "log", "-1", "--format=%h of %cs"], capture_output=True, text=True
    ).stdout.strip()
    page = ROOT / "docs/cycles.md"
    tables.write("published", f"\nCMSIS-NN {commit or '(not a checkout of git)'}.\n{text}", page)
    text = "\n".join(summary(rows))
    text += f"\n\n<details><summary>By layer</summary>\n\n{tables.markdown(by_layer.HEADER, rows)}\n</details>\n"
    tables.write("layers", f"\n{text}", page)


if __name__ == "__main__":
    main(*sys.argv[1:])
