"""Writes the table of docs/quantize.md: the samples in float and in int8, each calibrated on a part of its recordings.

make_quantize.py [BOARD]: the board is stm32f4 where none is named. What is judged was not calibrated with.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test/reliability"))
import tables  # noqa: E402

# Model, recordings, and how many of them calibrate.
SAMPLES = {
    "digits": ("samples/digits/digits.onnx", "samples/digits/held_out.npz", 50),
    "motion_fp32": ("samples/motion/motion_fp32.onnx", "samples/motion/recordings.npz", 16),
}
MEASURES = ("flash", "ram", "kernels", "weights", "arena", "stack", "instructions", "cycles")


def measure(board, name, folder):
    """What the tool wrote of the sample's costs."""
    model, recordings, count = SAMPLES[name]
    arrays = dict(numpy.load(ROOT / recordings))
    for part, entries in (("calibration", slice(count)), ("judged", slice(count, None))):
        numpy.savez(folder / f"{part}.npz", **{key: array[entries] for key, array in arrays.items()})
    options = [f"board={board}", f"model={model}", f"quantize={folder}/calibration.npz", f"inputs={folder}/judged.npz"]
    command = [sys.executable, "-m", "SCons", "-Q", *options, "verify", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode or done.stdout.count("agree with") != 2:
        sys.exit(f"make_quantize.py: failed: scons {' '.join(options)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    [path] = (ROOT / "build" / board / "own_model").glob(f"**/{name}_quantization_cost.json")
    print(f"{name}: done", flush=True)
    return json.loads(path.read_text()), len(next(iter(arrays.values()))) - count


def rows(found):
    """A row for each measure, then those of the answers."""
    costs = [cost for cost, _ in found.values()]
    for measure in MEASURES:
        cells = []
        for cost in costs:
            one, other = cost["float"][measure], cost["quantized"][measure]
            cells += [f"{one:,}", f"{other:,}", f"{other / one:.2f}"]
        yield [measure, *cells]
    answers = [cost["answers"]["on"]["inputs"] for cost in costs]
    yield ["accuracy", *(cell for a in answers for cell in (f"{a['accuracy'][0]:.1%}", f"{a['accuracy'][1]:.1%}", ""))]
    yield ["top answer as in float", *(cell for a in answers for cell in ("", f"{a['outputs'][0]['top']:.1%}", ""))]
    yield ["signal to noise", *(cell for a in answers for cell in ("", f"{a['outputs'][0]['snr']:.1f} dB", ""))]


def main(board="stm32f4"):
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SAMPLES:
            found[name] = measure(board, name, Path(folder))
    header = [f"on {board}", *(cell for name in found for cell in (name, "int8", "ratio"))]
    judged = ", ".join(f"{count} of {name}" for name, (_, count) in found.items())
    text = f"\n{tables.markdown(header, rows(found))}\nJudged on recordings that did not calibrate: {judged}.\n"
    tables.write("quantize", text, ROOT / "docs/quantize.md")


if __name__ == "__main__":
    main(*sys.argv[1:])
