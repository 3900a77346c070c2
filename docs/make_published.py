"""Writes the table of published figures in docs/cycles.md: make_published.py CMSIS_NN MODELS

CMSIS_NN: its source tree. MODELS: a folder with ad01_int8, kws_int8 and resnet8_int8, .tflite with .npz beside. The layers of
each are called from CMSIS-NN, compiled with its own -Ofast, run in QEMU, held against the answers in the .npz, counted by the
plugin, and estimated by the timing tables: what stacks on CMSIS-NN should take on parts, which publish what they do take.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("site_scons/site_tools", "test/reliability")]

import cmsis_nn  # noqa: E402
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


def main(cmsis, models):
    cmsis, models = Path(cmsis).resolve(), Path(models).resolve()
    if not (cmsis / "Include/arm_nnfunctions.h").is_file():
        sys.exit(f"make_published.py: {cmsis} is no source tree of CMSIS-NN. Give cmsis_nn=DIR.")
    if not all((models / f"{name}.tflite").is_file() for name in MODELS):
        sys.exit(f"make_published.py: {models} lacks {', '.join(MODELS)} as .tflite with .npz. Give models=DIR.")
    costs, layers = {}, []
    for name in sorted(set(ON.values())):
        with tempfile.TemporaryDirectory() as folder:
            board = boards.load(name)
            for model, (program, elf) in build(folder, name, cmsis, models).items():
                segments, code = measured(board, elf, len(program.names)), Code(elf, board.toolchain)
                for core in (core for core, on in ON.items() if on == name):
                    found = [estimate(segment, code, cores.of(core)) for segment in segments]
                    costs[core, model] = (
                        sum(e.instructions for e in found),
                        sum(e.cycles for e in found),
                        list(zip(found, program.constants)),
                    )
                    layers += [
                        [core, model, layer, f"{e.instructions:,}", f"{e.cycles:,}"] for layer, e in zip(program.names, found)
                    ]
                    print(core, model, *costs[core, model][:2], flush=True)
    rows = []
    for who, core, clock, part, figures in PUBLISHED:
        for model, rates in figures.items():
            published = sorted(clock / rate / 1e6 for rate in rates)
            instructions, cycles, layered = costs[core, model]
            waiting = (
                cycles + sum(flash.cycles(*layer, boards.load(part).flash_timing, clock) for layer in layered) if part else None
            )
            shown = " to ".join(dict.fromkeys(f"{n:.3g}" for n in published))
            rows.append(
                [
                    who,
                    core,
                    f"{clock / 1e6:g}",
                    model,
                    shown,
                    f"{instructions / 1e6:.3g}",
                    f"{cycles / 1e6:.3g}",
                    error(cycles / 1e6, published),
                ]
            )
            rows[-1] += [f"{waiting / 1e6:.3g}", error(waiting / 1e6, published)] if waiting else ["–", "–"]
    header = [
        "published by",
        "core",
        "MHz",
        "model",
        "M cycles",
        "CMSIS-NN, M instructions",
        "M cycles, est.",
        "error",
        "with flash",
        "error",
    ]
    text = f"\n{tables.markdown(header, rows)}\n<details><summary>By layer</summary>\n\n"
    text += f"{tables.markdown(['core', 'model', 'layer', 'instructions', 'cycles, est.'], layers)}\n</details>\n"
    commit = subprocess.run(
        ["git", "-C", str(cmsis), "log", "-1", "--format=%h of %cs"], capture_output=True, text=True
    ).stdout.strip()
    tables.write("published", f"\nCMSIS-NN {commit or '(not a checkout of git)'}.\n{text}", ROOT / "docs/cycles.md")


if __name__ == "__main__":
    main(*sys.argv[1:])
