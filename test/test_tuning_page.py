"""The tables of docs/tuning.md: by estimated cycles where the core has a timing table, else by instructions."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import make_tuning  # noqa: E402

KERNELS = {
    "f$async_dispatch_3_matmul": {"form": "2x3", "cost": [1500, 1400], "bytes": [400, 410]},
    "f$async_dispatch_4_matmul": {"form": "2x3"},
    "f$async_dispatch_7_softmax": {"form": "width4", "cost": [90, 95], "bytes": [900, 300]},
}


def found(optimize, count, cycles, code, failed="", forms=None):
    fields = {"optimize": optimize, "count": count, "cycles": cycles, "code": code, "weights": 1000, "failed": failed}
    return fields | {"flags": "wide", "rewrites": "all", "is_kernelwise": optimize is None, "forms": forms or {}}


def section(timed, failed=""):
    ways = [("speed", 9000, 4000, 500), ("size", 8000, 6000, 300), ("default", 16000, 8000, 400), (None, 8950, 3900, 450)]
    each = [found(goal, n, c if timed else None, size, forms=None if goal else KERNELS) for goal, n, c, size in ways]
    each[-1]["failed"] = failed
    return make_tuning.section([{"model": "net", "found": each}])


def test_by_cycles():
    text = section(True)
    assert "| kernel by kernel | cycles, of `speed` |" in text
    assert "| net | 8.0 / 1,400 | 6.0 / 1,300 | 4.0 / 1,500 | 3.9 / 1,450 | 97.5 % | 96.7 % | 2 |" in text
    assert "| net | `3_matmul` | `2x3` | 1,500 → 1,400 | 400 → 410 |" in text
    assert "softmax" not in text  # it gained bytes


def test_by_instructions_where_there_are_no_cycles():
    text = section(False)
    assert "| kernel by kernel | instructions, of `speed` |" in text
    assert "| net | 16.0 / 1,400 | 8.0 / 1,300 | 9.0 / 1,500 | 8.9 / 1,450 | 99.4 % |" in text


def test_what_fails_is_named():
    text = section(True, "net.mlir:\nit does not fit")
    assert "| fails | – | – | – |" in text and "- net, `flags=wide rewrites=all`: it does not fit" in text
