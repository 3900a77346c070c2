"""Writes a section of docs/benchmarks.md from what verify and bench left: make_benchmarks.py SECTION STEM…

STEM is a model's results without their endings: _bench.json, _verify.json, and _iree_arena.txt (docs/iree_arena.py).
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test/reliability"))
import tables  # noqa: E402

# TensorFlow Lite Micro 90b983c2 (2026-08-20) with its pinned CMSIS-NN, the same networks, compiler
# (arm-none-eabi-gcc 12.2) and emulator: instructions of one inference with the reference kernels
# and with CMSIS-NN; code and read-only data without the model, likewise; the arena in use,
# which holds inputs and outputs, too.
TFLM = {
    "ad01_int8": (1_950_640, 582_240, 19_404, 27_020, 2_580),
    "ad01_fp32": (1_360_160, 1_360_160, 19_244, 30_796, 4_848),
    "kws_int8": (43_040_160, 7_696_680, 40_248, 52_320, 22_820),
    "kws_fp32": (36_987_520, 35_182_800, 40_248, 83_104, 66_176),
    "resnet8_int8": (107_400_120, 29_863_080, 44_644, 50_108, 54_996),
    "resnet8_fp32": (98_827_320, 88_068_560, 44_644, 77_948, 199_120),
}
_TFLM_ON = "mps2-an386"

_MODELS = (
    "model", "against the host", "top answers", "instructions", "cycles, est.", "MACs", "per MAC", "cycles per MAC",
    "kernels", "code", "weights", "arena", "as IREE packs it", "stack",
)  # fmt: skip
_PEERS = (
    "model", "instructions", "of TFLM reference", "of TFLM with CMSIS-NN",
    "code", "of TFLM reference", "of CMSIS-NN", "arena", "of TFLM", "arena, inputs, outputs", "of TFLM",
)  # fmt: skip


def _bytes(memory, *names):
    return sum(region["categories"].get(name, 0) for region in memory["regions"].values() for name in names)


def _row(stem):
    """(cells of the model's row, cells of its row beside TFLM or None)."""
    bench, verify = (json.loads(Path(f"{stem}_{name}.json").read_text()) for name in ("bench", "verify"))
    (record,) = bench["records"]
    name, count, memory = record["model"], record["count"], bench["memory"]
    kernels, code = _bytes(memory, "kernels"), _bytes(memory, "kernels", "generated code", "libraries")
    equal = "equal" if verify["exact"] else f"within {verify['largest']:.1g}"
    top = "{} of {}".format(*verify["top_answers"]) if verify["top_answers"] else "–"
    cycles, per_mac = record["cycles"], record["cycles_per_mac"]
    row = [
        name,
        equal,
        top,
        f"{count:,}",
        f"{cycles:,}" if cycles else "–",
        f"{record['macs']:,}",
        f"{record['count_per_mac']:.2f}",
    ]
    row += [f"{per_mac:.2f}" if per_mac else "–", f"{kernels:,}"]
    before = Path(f"{stem}_iree_arena.txt").read_text().strip()
    row += [f"{code:,}", f"{record['weights']:,}", f"{record['arena']:,}", before, f"{record['stack_peak']:,}"]
    if name not in TFLM or record["board"] != _TFLM_ON:
        return row, None
    reference, cmsis, code_reference, code_cmsis, arena = TFLM[name]
    beside = [name, f"{count:,}", f"{count / reference:.2f}", f"{count / cmsis:.2f}"]
    beside += [f"{code:,}", f"{code / code_reference:.2f}", f"{code / code_cmsis:.2f}"]
    own, whole = record["arena"], record["arena"] + record["inputs"] + record["outputs"]
    return row, [*beside, f"{own:,}", f"{own / arena:.2f}", f"{whole:,}", f"{whole / arena:.2f}"]


def section(stems):
    """The section's text."""
    rows = [_row(stem) for stem in stems]
    text = "\n" + tables.markdown(_MODELS, [row for row, _ in rows])
    peers = [beside for _, beside in rows if beside]
    return text + ("\nBeside TensorFlow Lite Micro:\n\n" + tables.markdown(_PEERS, peers) if peers else "") + "\n"


def main():
    name, *stems = sys.argv[1:]
    tables.write(name, section(stems), ROOT / "docs/benchmarks.md")


if __name__ == "__main__":
    main()
