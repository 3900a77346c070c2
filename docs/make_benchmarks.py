"""Writes docs/benchmarks.md from what verify and bench left: make_benchmarks.py PAGE STEM…

STEM is a model's results without their endings, _bench.json and _verify.json.
"""

import json
import sys
from pathlib import Path

# TensorFlow Lite Micro 90b983c2 (2026-08-20) with its pinned CMSIS-NN, the same networks, compiler
# (arm-none-eabi-gcc 12.2) and emulator: instructions of one inference with the reference kernels
# and with CMSIS-NN; code and read-only data without the model, likewise; the arena in use.
TFLM = {
    "ad01_int8": (1_950_640, 582_240, 19_404, 27_020, 2_580),
    "ad01_fp32": (1_360_160, 1_360_160, 19_244, 30_796, 4_848),
    "kws_int8": (43_040_160, 7_696_680, 40_248, 52_320, 22_820),
    "kws_fp32": (36_987_520, 35_182_800, 40_248, 83_104, 66_176),
    "resnet8_int8": (107_400_120, 29_863_080, 44_644, 50_108, 54_996),
    "resnet8_fp32": (98_827_320, 88_068_560, 44_644, 77_948, 199_120),
}

_HEAD = """\
# MLPerf Tiny on {board}

Made by `scons board={board} sample=mlperf_tiny models=DIR benchmarks`; do not edit.
iree-base-compiler {compiler}, deploy={deploy}. Every model was first verified: its answers on the
emulated board against IREE's own runtime on the development machine, and its top answer against
the TensorFlow Lite reference kernels.

Instructions are counted in QEMU and exact. They are neither cycles nor time: memory, pipeline and
the cost of a division do not show in them. Compare them with each other only.

## The models

Bytes: code is the kernels with their data, the generated C and what calls them, and the libraries
they pull in; RAM is the arena. The stack is the deepest that was used, the harness included.

| model | against the host | top answers | instructions | MACs | per MAC | code | weights | arena | stack |
|---|---|---|---|---|---|---|---|---|---|
"""

_PEERS = """
## Beside TensorFlow Lite Micro

The same networks, C compiler and emulator; TFLM at commit 90b983c2 (2026-08-20), best of its -O2,
-Os and -O3 builds. Ratios below 1 are in our favour. TFLM's code is all that it links without the
model and the test program, so ours here is the same: all that the firmware has beside weights and
harness. kws_fp32 is, for TFLM, the network with its weights made float. What cannot be compared
is left out: cycles on hardware, which TFLM's and other stacks' published numbers give.

| model | instructions | of TFLM reference | of TFLM with CMSIS-NN | code | of TFLM reference | of CMSIS-NN | arena | of TFLM |
|---|---|---|---|---|---|---|---|---|
"""


def _code(memory):
    regions = memory["regions"].values()
    names = ("kernels", "generated code", "libraries")
    return sum(region["categories"].get(name, 0) for region in regions for name in names)


def _model(stem):
    bench = json.loads(Path(f"{stem}_bench.json").read_text())
    verify = json.loads(Path(f"{stem}_verify.json").read_text())
    (record,) = bench["records"]
    return bench, verify, record


def page(stems):
    """The page's text."""
    found = [_model(stem) for stem in stems]
    bench, _, record = found[0]
    text = _HEAD.format(board=record["board"], compiler=bench["compiler"], deploy=record["deploy"])
    peers = ""
    for bench, verify, record in found:
        equal = "equal" if verify["exact"] else f"within {verify['largest']:.1g}"
        top = "{} of {}".format(*verify["top_answers"]) if verify["top_answers"] else "–"
        code, name = _code(bench["memory"]), record["model"]
        text += (
            f"| {name} | {equal} | {top} | {record['count']:,} | {record['macs']:,} | {record['count_per_mac']:.2f} "
            f"| {code:,} | {record['weights']:,} | {record['arena']:,} | {record['stack_peak']:,} |\n"
        )
        if name in TFLM:
            reference, cmsis, code_reference, code_cmsis, arena = TFLM[name]
            peers += (
                f"| {name} | {record['count']:,} | {record['count'] / reference:.2f} | {record['count'] / cmsis:.2f} "
                f"| {code:,} | {code / code_reference:.2f} | {code / code_cmsis:.2f} "
                f"| {record['arena']:,} | {record['arena'] / arena:.2f} |\n"
            )
    if peers and record["board"] == "mps2-an386":
        text += _PEERS + peers
    return text


def main():
    target, *stems = sys.argv[1:]
    Path(target).write_text(page(stems))
    print(target)


if __name__ == "__main__":
    main()
